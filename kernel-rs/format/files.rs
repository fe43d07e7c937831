// SPDX-License-Identifier: GPL-2.0

//! Open files, descriptor tables, directories.

use zerocopy::little_endian::{U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Mask32, Mode, ObjectId};
use super::Problem;

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
    /// The `Identity` of whoever opened it.
    pub opener: ObjectId,
    /// The `Pipe` that it is an end of; or what it is, if that is a special file: `PidfdTarget`,
    /// `EventCounter`, `Signalfd`, `Timerfd`, `Epoll`, `Watcher`, `Socket`, `Terminal`, `Queue`; or
    /// the `Storage` that it is of, if its inode cannot be found by the path alone; or none.
    pub storage: ObjectId,
    /// Bits of `FILE_*`.
    pub origin: U32,
    /// Inode number, as stat(2) gives it, of a regular file or a directory. Compared where a file has
    /// changed, or a directory has been read in part, in the boot of `Header.boot_id`; and where the
    /// opener may not open it any more. Zero: not known.
    pub inode: U64,
    /// Bits of `OPEN_FILE_*`.
    pub marks: U32,
    /// How long what is written to it will last, as fcntl(F_GET_RW_HINT) gives it.
    pub write_hint: U32,
    /// The descriptor that signals for O_ASYNC name (si_fd), and one; zero: not known.
    pub async_number: U32,
    /// Must be zero.
    pub reserved: U32,
}
record!(
    OpenFile,
    zero reserved,
    bits origin = FILE_FIRST,
    bits marks = OPEN_FILE_CREATED
        | OPEN_FILE_RANDOM
        | OPEN_FILE_SEQUENTIAL
        | OPEN_FILE_NO_REUSE
        | OPEN_FILE_AWAITS_WRITER
        | OPEN_FILE_OF_THREAD
        | OPEN_FILE_AUTOKILL
        | OPEN_FILE_GENERATED
        | OPEN_FILE_NEWS
        | OPEN_FILE_BY_NAME
        | OPEN_FILE_ALL_READ
        | OPEN_FILE_NAME_GONE,
    rule has_known_hint
);

/// The very file that memfd_create(2), mmap(2) or pipe(2) made with its inode, not opened later.
pub const FILE_FIRST: u32 = 1 << 0;
/// Opening it has created it: fcntl(F_CREATED_QUERY).
pub const OPEN_FILE_CREATED: u32 = 1 << 0;
/// posix_fadvise(POSIX_FADV_RANDOM).
pub const OPEN_FILE_RANDOM: u32 = 1 << 1;
/// posix_fadvise(POSIX_FADV_SEQUENTIAL).
pub const OPEN_FILE_SEQUENTIAL: u32 = 1 << 2;
/// posix_fadvise(POSIX_FADV_NOREUSE).
pub const OPEN_FILE_NO_REUSE: u32 = 1 << 3;
/// A FIFO that nobody has had open for writing since this end was opened: poll(2) does not tell of
/// a hangup.
pub const OPEN_FILE_AWAITS_WRITER: u32 = 1 << 4;
/// A pidfd for a thread (PIDFD_THREAD).
pub const OPEN_FILE_OF_THREAD: u32 = 1 << 8;
/// A pidfd whose end would have killed its process (PIDFD_AUTOKILL), which was reaped.
pub const OPEN_FILE_AUTOKILL: u32 = 1 << 9;
/// The kernel makes its content while it is read (procfs, sysfs, cgroupfs): size and time are not
/// compared.
pub const OPEN_FILE_GENERATED: u32 = 1 << 10;
/// Such a file has changed since it was read last, and poll(2) would tell.
pub const OPEN_FILE_NEWS: u32 = 1 << 11;
/// A message queue that mq_open(2) has opened, not open(2) on a mount of them.
pub const OPEN_FILE_BY_NAME: u32 = 1 << 12;
/// A directory whose offset counts what was there, of which nothing is left to be read.
pub const OPEN_FILE_ALL_READ: u32 = 1 << 13;
/// It was opened by a name that is gone, and its `Storage` (STORAGE_FORM_VOLATILE) has another.
pub const OPEN_FILE_NAME_GONE: u32 = 1 << 14;

/// Highest `write_hint`: RWH_WRITE_LIFE_EXTREME.
pub const MAX_WRITE_HINT: u32 = 5;

impl OpenFile {
    fn has_known_hint(&self) -> Result<(), Problem> {
        match self.write_hint.get() {
            0..=MAX_WRITE_HINT => Ok(()),
            hint => Err(Problem::Value("write_hint", hint.into())),
        }
    }
}

/// Who is told when something happens to an open file: fcntl(F_SETOWN, F_SETSIG).
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct FileOwner {
    /// The `OpenFile`.
    pub file: ObjectId,
    /// The `Pid` of the owner, or none: nobody is told.
    pub pid: ObjectId,
    /// One of `FILE_OWNER_*`.
    pub what: U32,
    /// The signal, or zero: SIGIO.
    pub signal: U32,
    /// User id of the one who set the owner.
    pub uid: U32,
    /// Effective user id of the same.
    pub euid: U32,
}
record!(
    FileOwner,
    one what = FILE_OWNER_THREAD | FILE_OWNER_PROCESS | FILE_OWNER_GROUP,
    rule has_signal
);

/// F_OWNER_TID.
pub const FILE_OWNER_THREAD: u32 = 1;
/// F_OWNER_PID.
pub const FILE_OWNER_PROCESS: u32 = 2;
/// F_OWNER_PGRP.
pub const FILE_OWNER_GROUP: u32 = 3;

impl FileOwner {
    fn has_signal(&self) -> Result<(), Problem> {
        match self.signal.get() {
            0..=64 => Ok(()),
            signal => Err(Problem::Value("signal", signal.into())),
        }
    }
}

/// How far the reader of a file has come whose content the kernel makes (`OPEN_FILE_GENERATED`). The tail
/// is what was made and not read so far.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct FileReading {
    /// The `OpenFile`.
    pub file: ObjectId,
    /// Zero.
    pub reserved: U32,
    /// The record of the file that is made next, as its iterator counts.
    pub index: U64,
    /// The offset at which a read goes on like that; not zero.
    pub position: U64,
}
record!(FileReading, zero reserved, rule is_possible);

/// Most bytes that were made and not read.
pub const MAX_UNREAD: u64 = 4 * 1024 * 1024;

impl FileReading {
    fn is_possible(&self) -> Result<(), Problem> {
        const MAX: u64 = i64::MAX as u64;
        match (self.index.get(), self.position.get()) {
            (0..=MAX, 1..=MAX) => Ok(()),
            (0..=MAX, position) => Err(Problem::Value("position", position)),
            (index, _) => Err(Problem::Value("index", index)),
        }
    }
}

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
    /// The `OpenFile` behind it, or a `Handed` one.
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
    /// The root, if it was removed: an `OpenFile` of a `Storage`; else none.
    pub root: ObjectId,
    /// The working directory, likewise.
    pub cwd: ObjectId,
}
record!(Directories, tail paths_length);

impl Directories {
    fn paths_length(&self) -> u64 {
        u64::from(self.root_length.get()).saturating_add(self.cwd_length.get().into())
    }
}
