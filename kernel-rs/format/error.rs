// SPDX-License-Identifier: GPL-2.0

//! What is wrong with an image.

use super::reason::Reason;

/// What the reader found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Problem {
    /// The stream ended inside a record or before `End`.
    Truncated,
    /// The checksum does not match.
    Checksum,
    /// The first record is not the header of an image.
    Magic,
    /// A newer format version.
    Version(u32),
    /// A kind that this reader does not know.
    UnknownKind(u32),
    /// A kind at a place where it may not be.
    Order(u32),
    /// An impossible length.
    Length(u64),
    /// A field with an impossible value.
    Value(&'static str, u64),
    /// A reference to an object that is not there, or of another kind.
    Reference(&'static str, u32),
    /// Bytes after the fixed part that this reader does not know and that are not zero.
    UnknownTail,
}

/// A problem and where it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FormatError {
    /// What is wrong.
    pub problem: Problem,
    /// Offset in the stream of the record at fault.
    pub offset: u64,
    /// Number of its kind, or zero.
    pub kind: u32,
}

impl Problem {
    /// The reason code under which this is reported.
    pub const fn reason(self) -> Reason {
        match self {
            Self::Truncated => Reason::ImageTruncated,
            Self::Checksum => Reason::ImageChecksum,
            Self::Magic => Reason::ImageMagic,
            Self::Version(_) => Reason::ImageVersion,
            Self::UnknownKind(_) => Reason::ImageUnknown,
            Self::Order(_) => Reason::ImageOrder,
            Self::Length(_) | Self::UnknownTail => Reason::ImageLength,
            Self::Value(..) => Reason::ImageValue,
            Self::Reference(..) => Reason::ImageReference,
        }
    }

    /// The number that the reason's sentence names.
    pub const fn value(self) -> u64 {
        match self {
            Self::Version(n) | Self::UnknownKind(n) | Self::Order(n) | Self::Reference(_, n) => {
                n as u64
            }
            Self::Length(n) | Self::Value(_, n) => n,
            Self::Truncated | Self::Checksum | Self::Magic | Self::UnknownTail => 0,
        }
    }

    /// The field that the reason's sentence names, or an empty string.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Value(name, _) | Self::Reference(name, _) => name,
            _ => "",
        }
    }
}
