// SPDX-License-Identifier: GPL-2.0

//! Open files, descriptor tables, directories.

use zerocopy::little_endian::{U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Mask32, Mode, ObjectId};

/// Longest path, without its zero byte.
pub const MAX_PATH: u64 = 4095;

/// An open file description. The tail is its path from the root of the mount namespace.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct OpenFile {
    /// The object that this record declares.
    pub id: ObjectId,
    /// File type and permissions, as stat(2) gives them; the type is compared.
    pub mode: Mode,
    /// Access mode and status flags, as fcntl(F_GETFL) gives them.
    pub flags: Mask32,
    /// Device number of a character device (major << 20 | minor); else zero.
    pub device: Mask32,
    /// File offset.
    pub position: U64,
    /// Size of a regular file; compared.
    pub size: U64,
    /// Modification time of a regular file, seconds; compared.
    pub mtime_s: U64,
    /// Nanoseconds of the same.
    pub mtime_ns: U32,
    /// Must be zero.
    pub reserved: U32,
}
record!(OpenFile, zero reserved);

/// A descriptor table.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct DescriptorTable {
    /// The object that this record declares.
    pub id: ObjectId,
    /// Descriptors in it.
    pub count: U32,
}
record!(DescriptorTable);

/// One descriptor.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Descriptor {
    /// The `DescriptorTable`.
    pub table: ObjectId,
    /// Its number; ascending within a table.
    pub number: U32,
    /// The `OpenFile` (or another kind of file) behind it.
    pub file: ObjectId,
    /// Bits of `DESCRIPTOR_*`.
    pub flags: U32,
}
record!(Descriptor, bits flags = DESCRIPTOR_CLOSE_ON_EXEC);

/// FD_CLOEXEC.
pub const DESCRIPTOR_CLOSE_ON_EXEC: u32 = 1 << 0;

/// Directories of a task. The tail is the root's path, then the working directory's.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Directories {
    /// The object that this record declares.
    pub id: ObjectId,
    /// umask(2).
    pub umask: Mode,
    /// Bytes of the root's path.
    pub root_length: U32,
    /// Bytes of the working directory's path.
    pub cwd_length: U32,
}
record!(Directories, tail paths_length);

impl Directories {
    fn paths_length(&self) -> u64 {
        u64::from(self.root_length.get()).saturating_add(self.cwd_length.get().into())
    }
}
