// SPDX-License-Identifier: GPL-2.0

//! What every record has in common.
//!
//! An image is a sequence of records: a [`RecordHeader`], then `length` bytes of payload. The
//! payload is a fixed part (one of the structs of this directory) and, for some kinds, a tail of
//! variable size (a path, page contents, an array). Nothing is aligned or padded between records.

use zerocopy::little_endian::{U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::Kind;

/// The envelope of a record. Readable by every version, for ever.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct RecordHeader {
    /// A number of [`Kind`].
    pub kind: U32,
    /// Bytes of the fixed part, as the writer knew it; the tail is what follows it.
    pub fixed: U32,
    /// Bytes of the payload: fixed part and tail, without this header.
    pub length: U64,
    /// CRC-32C over the image's salt, the record's number in the stream, this header with this
    /// field zero, and the payload. A record moved, doubled, dropped or taken from another image
    /// fails it just as a flipped bit does.
    pub checksum: U32,
    /// Must be zero.
    pub reserved: U32,
}

/// A reference to an object of the image: the `id` that a body declared. Ids count from one, in
/// the order of the stream, over all kinds; a reference always points backwards.
#[derive(
    Clone, Copy, Debug, Eq, FromBytes, Immutable, IntoBytes, KnownLayout, PartialEq, Unaligned,
)]
#[repr(transparent)]
pub struct ObjectId(pub U32);

impl ObjectId {
    /// No object.
    pub const NONE: Self = Self(U32::ZERO);

    /// The object with this number.
    pub const fn new(number: u32) -> Self {
        Self(U32::new(number))
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0.get()
    }
}

/// A reference to a task: its place in the forest, counted from zero.
#[derive(
    Clone, Copy, Debug, Eq, FromBytes, Immutable, IntoBytes, KnownLayout, PartialEq, Unaligned,
)]
#[repr(transparent)]
pub struct TaskId(pub U32);

impl TaskId {
    /// A task outside the container; in a restart, the restarter's.
    pub const OUTSIDE: Self = Self(U32::MAX_VALUE);

    /// The task with this number.
    pub const fn new(number: u32) -> Self {
        Self(U32::new(number))
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0.get()
    }
}

/// The fixed part of one kind of record.
pub trait Record:
    zerocopy::FromBytes
    + zerocopy::IntoBytes
    + zerocopy::Immutable
    + zerocopy::KnownLayout
    + zerocopy::Unaligned
    + Copy
{
    /// Its number.
    const KIND: Kind;
}

/// Says which kind a fixed part belongs to; kind and struct bear the same name.
macro_rules! record {
    ($name:ident) => {
        impl super::Record for $name {
            const KIND: super::Kind = super::Kind::$name;
        }
    };
}
pub(super) use record;
