// SPDX-License-Identifier: GPL-2.0

//! What can go wrong with an image, as one type with one sentence.

use std::fmt;
use std::io;

use ckpt_format::{FormatError, Kind};

use crate::log::value_text;
use crate::text::fill;

/// Why an image could not be read.
#[derive(Debug)]
pub enum ImageError {
    /// The stream itself failed.
    Read {
        /// Bytes read before.
        offset: u64,
        /// What the system said.
        error: io::Error,
    },
    /// The bytes are not those of an image.
    Format(FormatError),
    /// What comes before the end of the forest is longer than the kernel takes.
    LongPrefix {
        /// Of the record with which it becomes too long.
        offset: u64,
        /// Number of its kind.
        kind: u32,
        /// Bytes that the kernel takes.
        longest: u64,
    },
    /// Bytes follow the last record.
    Trailing {
        /// Where they begin.
        offset: u64,
    },
}

impl ImageError {
    /// What the user can do about it; may be empty.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Read { .. } => "look whether the file can be read and the sender is alive",
            Self::Format(error) => error.problem.reason().advice(),
            Self::LongPrefix { .. } => {
                "the image was altered, or its writer has a bug: make a new one"
            }
            Self::Trailing { .. } => "an image ends with its End record: look what was added to it",
        }
    }

    /// Where in the stream it is.
    pub const fn offset(&self) -> u64 {
        match self {
            Self::Read { offset, .. }
            | Self::LongPrefix { offset, .. }
            | Self::Trailing { offset } => *offset,
            Self::Format(error) => error.offset,
        }
    }
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { offset, error } => write!(f, "offset {offset}: cannot read: {error}"),
            Self::LongPrefix {
                offset,
                kind,
                longest,
            } => write!(
                f,
                "offset {offset}, {}: what says which tasks there are is longer than {longest} bytes",
                kind_name(*kind)
            ),
            Self::Trailing { offset } => write!(f, "offset {offset}: bytes after the end"),
            Self::Format(error) => {
                write!(f, "offset {}", error.offset)?;
                if error.kind != 0 {
                    write!(f, ", {}", kind_name(error.kind))?;
                }
                let (reason, field) = (error.problem.reason(), error.problem.field());
                let value = value_text(reason, error.problem.value());
                write!(f, ": {}", fill(reason.sentence(), field, &value))
            }
        }
    }
}

impl std::error::Error for ImageError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl From<FormatError> for ImageError {
    fn from(error: FormatError) -> Self {
        Self::Format(error)
    }
}

/// The name of a kind with its number; only the number if the kind is unknown.
pub(crate) fn kind_name(number: u32) -> String {
    match Kind::from_number(number) {
        Some(kind) => format!("{} ({number:#x})", kind.name()),
        None => format!("kind {number:#x}"),
    }
}
