// SPDX-License-Identifier: GPL-2.0

//! Inodes whose content the image carries, and that content.

use zerocopy::little_endian::{U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Mask32, Mode, ObjectId};
use super::Problem;

/// One inode. Every open file of it, and so every area that maps it, refers to this record. The
/// tail is its name: a path from the root of the mount namespace, or what a memfd is called.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Storage {
    /// The object that this record declares.
    pub id: ObjectId,
    /// What it is: one of `STORAGE_FORM_*`.
    pub form: U32,
    /// File type and permissions, as stat(2) gives them.
    pub mode: Mode,
    /// Its owner.
    pub uid: U32,
    /// Its group.
    pub gid: U32,
    /// Seals of a memfd, as fcntl(F_GET_SEALS) gives them.
    pub seals: Mask32,
    /// Bits of `STORAGE_*`.
    pub flags: U32,
    /// Size of its pages as a power of two, if they are huge (hugetlbfs); or zero.
    pub page_shift: U32,
    /// Size in bytes; need not be a multiple of the page size.
    pub size: U64,
    /// Time of the last access, seconds.
    pub atime_s: U64,
    /// Time of the last modification, seconds.
    pub mtime_s: U64,
    /// Nanoseconds of the last access.
    pub atime_ns: U32,
    /// Nanoseconds of the last modification.
    pub mtime_ns: U32,
    /// What chattr(1) sets: `FS_*_FL` of the kernel's interface.
    pub inode_flags: Mask32,
    /// How many names it had, where nothing outlives the kernel; or zero.
    pub links: U32,
}
record!(
    Storage,
    bits flags = STORAGE_NO_RESERVE | STORAGE_LINKABLE,
    one form = STORAGE_FORM_SHARED_MEMORY
        | STORAGE_FORM_MEMFD
        | STORAGE_FORM_REMOVED
        | STORAGE_FORM_VOLATILE
        | STORAGE_FORM_OTHER_NAME
        | STORAGE_FORM_SEGMENT,
    rule is_a_storage
);

impl Storage {
    fn is_a_storage(&self) -> Result<(), Problem> {
        if self.size.get() > i64::MAX as u64 {
            return Err(Problem::Value("size", self.size.get()));
        }
        if self.page_shift.get() > MAX_PAGE_SHIFT {
            let shift = self.page_shift.get().into();
            return Err(Problem::Value("page_shift", shift));
        }
        if self.inode_flags.get() & !INODE_FLAGS != 0 {
            let flags = self.inode_flags.get().into();
            return Err(Problem::Value("inode_flags", flags));
        }
        for (name, value) in [("atime_ns", self.atime_ns), ("mtime_ns", self.mtime_ns)] {
            if value.get() >= 1_000_000_000 {
                return Err(Problem::Value(name, value.get().into()));
            }
        }
        Ok(())
    }

    /// Bytes from the first to the end of the page that the last one lies in.
    pub fn whole_pages(&self, page_size: u64) -> u64 {
        self.size
            .get()
            .div_ceil(page_size)
            .saturating_mul(page_size)
    }
}

/// Huge pages are not larger than this, as a power of two.
pub const MAX_PAGE_SHIFT: u32 = 40;

/// Shared anonymous memory.
pub const STORAGE_FORM_SHARED_MEMORY: u32 = 1;
/// memfd_create(2).
pub const STORAGE_FORM_MEMFD: u32 = 2;
/// A file or directory that has no name any longer, or never had one (O_TMPFILE).
pub const STORAGE_FORM_REMOVED: u32 = 3;
/// A file on a file system that does not outlive the kernel. If it is still there as it was, it is
/// used, else made again. Of its open files some may have been opened by names that are gone.
pub const STORAGE_FORM_VOLATILE: u32 = 4;
/// A file that was opened by a name which it has lost, and that still has the one in the tail; on a
/// file system that outlives the kernel.
pub const STORAGE_FORM_OTHER_NAME: u32 = 5;

/// System V shared memory; its name is "/SYSV" and the key that it was made with. An `IpcObject`
/// tells the rest.
pub const STORAGE_FORM_SEGMENT: u32 = 6;

/// Shared memory that was mapped with MAP_NORESERVE.
pub const STORAGE_NO_RESERVE: u32 = 1 << 0;
/// Without a name, and may be given one: O_TMPFILE without O_EXCL.
pub const STORAGE_LINKABLE: u32 = 1 << 1;

/// FS_FL_USER_MODIFIABLE, FS_NOCOMP_FL, FS_JOURNAL_DATA_FL, FS_NOCOW_FL, FS_PROJINHERIT_FL.
pub const INODE_FLAGS: u32 = 0x2083_c4ff;

/// An extended attribute of a storage, or of a socket. The tail is its name, then its value.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct StorageAttribute {
    /// The `Storage`, or the `Socket`.
    pub storage: ObjectId,
    /// Bytes of the name.
    pub name_length: U32,
    /// Bytes of the value.
    pub value_length: U32,
    /// Bits of `ATTRIBUTE_*`.
    pub flags: U32,
}
record!(
    StorageAttribute,
    bits flags = ATTRIBUTE_OF_NAME,
    tail name_and_value,
    rule is_short
);

impl StorageAttribute {
    fn name_and_value(&self) -> u64 {
        u64::from(self.name_length.get()).saturating_add(self.value_length.get().into())
    }

    fn is_short(&self) -> Result<(), Problem> {
        let (name, value) = (self.name_length.get(), self.value_length.get());
        if name == 0 || name > MAX_ATTRIBUTE_NAME {
            return Err(Problem::Value("name_length", name.into()));
        }
        if value > MAX_ATTRIBUTE_VALUE {
            return Err(Problem::Value("value_length", value.into()));
        }
        Ok(())
    }
}

/// Not of the socket itself: of the inode that its name leads to.
pub const ATTRIBUTE_OF_NAME: u32 = 1 << 0;

/// Longest name of an extended attribute.
pub const MAX_ATTRIBUTE_NAME: u32 = 255;
/// Longest value of one.
pub const MAX_ATTRIBUTE_VALUE: u32 = 64 * 1024;
/// Most bytes of names and values that a storage has.
pub const MAX_ATTRIBUTES: u32 = 1024 * 1024;

/// Pages of a storage with their contents. The tail is a multiple of the page size; what lies
/// beyond the end of the file is zero.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct ContentPages {
    /// The `Storage`.
    pub storage: ObjectId,
    /// Must be zero.
    pub reserved: U32,
    /// Offset of the first in the file; ascending within a storage.
    pub offset: U64,
}
record!(ContentPages, zero reserved);

/// Pages of a storage that take room and read as zero. What no record tells of is a hole. Where the
/// storage is of huge pages, the stretches that are promised come first, and need not be apart from
/// the others.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct ContentZeros {
    /// The `Storage`.
    pub storage: ObjectId,
    /// Bits of `CONTENT_*`.
    pub flags: U32,
    /// Offset of the first in the file; ascending within a storage.
    pub offset: U64,
    /// How many.
    pub count: U64,
}
record!(
    ContentZeros,
    bits flags = CONTENT_RESERVED | CONTENT_PROMISED,
    rule is_one_of_them
);

impl ContentZeros {
    fn is_one_of_them(&self) -> Result<(), Problem> {
        match self.flags.get() {
            flags if flags == CONTENT_RESERVED | CONTENT_PROMISED => {
                Err(Problem::Value("flags", flags.into()))
            }
            _ => Ok(()),
        }
    }
}

/// Reserved with fallocate(2) and never written to; may lie beyond the end of the file.
pub const CONTENT_RESERVED: u32 = 1 << 0;
/// Huge pages that are the file's, as mmap(2) reserves them, there or not; may lie beyond its end.
pub const CONTENT_PROMISED: u32 = 1 << 1;
