// SPDX-License-Identifier: GPL-2.0

//! What every record has in common.
//!
//! An image is a sequence of records: a [`RecordHeader`], then `length` bytes of payload. The
//! payload is a fixed part (one of the structs of this directory) and, for some kinds, a tail of
//! variable size (a path, page contents, an array). Nothing is aligned or padded between records.

use zerocopy::little_endian::{U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::{Kind, Problem};

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

/// An address in a process.
pub type Address = U64;

/// Bits whose meaning the kernel's interface defines, or a number that reads best in hexadecimal.
pub type Mask32 = U32;

/// The same, longer.
pub type Mask64 = U64;

/// Rights of a file, and its type: read in octal.
pub type Mode = U32;

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

    /// Refuses what no writer of this version writes: a reserved field that is not zero, a bit
    /// without a meaning, and what the record's own rule says. [`super::decode`] calls it.
    fn check(&self) -> Result<(), Problem>;

    /// Bytes that the tail must have, where the fixed part says so.
    fn tail(&self) -> Option<u64>;
}

/// Refuses a reserved field that is not zero.
pub(super) fn zero(name: &'static str, field: &[u8]) -> Result<(), Problem> {
    match field.iter().find(|byte| **byte != 0) {
        None => Ok(()),
        Some(byte) => Err(Problem::Value(name, u64::from(*byte))),
    }
}

/// Refuses bits that have no meaning.
pub(super) fn bits(name: &'static str, value: u64, known: u64) -> Result<(), Problem> {
    match value & !known {
        0 => Ok(()),
        _ => Err(Problem::Value(name, value)),
    }
}

/// Says which kind a fixed part belongs to (kind and struct bear the same name), and what may
/// stand in it:
///
/// - `zero FIELD`: must be zero; every field called `reserved` is listed so.
/// - `bits FIELD = MASK`: no bits but these; every field of "bits of `X_*`" is listed so.
/// - `one FIELD = A | B`: no value but these; every field of "one of `X_*`" is listed so.
/// - `tail METHOD`: gives the bytes that the tail must have.
/// - `rule METHOD`: whatever else must hold, `fn(&self) -> Result<(), Problem>`.
macro_rules! record {
    (
        $name:ident
        $(, zero $zero:ident)*
        $(, bits $bits:ident = $mask:expr)*
        $(, one $one:ident = $values:pat)*
        $(, tail $tail:ident)?
        $(, rule $rule:ident)?
    ) => {
        impl super::Record for $name {
            const KIND: super::Kind = super::Kind::$name;

            fn check(&self) -> Result<(), super::Problem> {
                $(self.$rule()?;)?
                $(super::record::zero(
                    stringify!($zero),
                    zerocopy::IntoBytes::as_bytes(&self.$zero),
                )?;)*
                $(super::record::bits(
                    stringify!($bits),
                    u64::from(self.$bits.get()),
                    u64::from($mask),
                )?;)*
                $(if !matches!(self.$one.get(), $values) {
                    return Err(super::Problem::Value(
                        stringify!($one),
                        u64::from(self.$one.get()),
                    ));
                })*
                Ok(())
            }

            fn tail(&self) -> Option<u64> {
                let said: &[u64] = &[$(self.$tail())?];
                said.first().copied()
            }
        }
    };
}
pub(super) use record;
