// SPDX-License-Identifier: GPL-2.0

//! Who watches files: fanotify.

use zerocopy::little_endian::{I32, U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Mask32, ObjectId};
use super::Problem;

/// A fanotify group. One `OpenFile` refers to it.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Fanotify {
    /// The object that this record declares.
    pub id: ObjectId,
    /// As fanotify_init(2) takes them; the highest bit: made without CAP_SYS_ADMIN.
    pub flags: Mask32,
    /// Flags of the files that its events open, as fanotify_init(2) takes them.
    pub event_flags: Mask32,
    /// Most events that it queues; all ones: no limit.
    pub room: U32,
}
record!(
    Fanotify,
    bits flags = FANOTIFY_FLAGS,
    bits event_flags = FANOTIFY_EVENT_FLAGS
);

/// What a group has marked. In the order in which that was done. The tail is the handle that programs
/// know it by, of a group that tells of handles.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct FanotifyMark {
    /// The `Fanotify`.
    pub group: ObjectId,
    /// An `OpenFile` of what is marked; of the root of a mount; or of anything in a file system.
    pub file: ObjectId,
    /// One of `FANOTIFY_TARGET_*`.
    pub what: U32,
    /// FAN_MARK_EVICTABLE, FAN_MARK_IGNORE and FAN_MARK_IGNORED_SURV_MODIFY.
    pub flags: Mask32,
    /// What it tells of.
    pub mask: Mask32,
    /// What it keeps to itself.
    pub ignored: Mask32,
    /// The number of the file system, of a group that tells of handles.
    pub fsid: U64,
    /// The number of what `file` is of, in its file system.
    pub inode: U64,
    /// The type of the handle.
    pub handle_type: U32,
    /// One, if other file systems may have that number too.
    pub weak: U32,
}
record!(
    FanotifyMark,
    bits flags = FANOTIFY_MARK_FLAGS,
    bits mask = FANOTIFY_EVENTS,
    bits ignored = FANOTIFY_EVENTS,
    one what = FANOTIFY_TARGET_INODE | FANOTIFY_TARGET_MOUNT | FANOTIFY_TARGET_FILESYSTEM,
    rule is_possible
);

/// An inode.
pub const FANOTIFY_TARGET_INODE: u32 = 1;
/// A mount.
pub const FANOTIFY_TARGET_MOUNT: u32 = 2;
/// A file system.
pub const FANOTIFY_TARGET_FILESYSTEM: u32 = 3;

/// One event that was not read so far, in their order. The tail is the handles of the directory, of the
/// one that it was moved to, and of the object, and the names in these two directories.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct FanotifyEvent {
    /// The `Fanotify`.
    pub group: ObjectId,
    /// An `OpenFile` of what it was done to, or none.
    pub file: ObjectId,
    /// The `Pid` of who has done it, or none.
    pub pid: ObjectId,
    /// The number that he had, if nothing else is known of him.
    pub number: U32,
    /// One of `FANOTIFY_TOLD_*`.
    pub kind: U32,
    /// What has happened.
    pub mask: Mask32,
    /// The error of a file system.
    pub error: I32,
    /// How many errors it stands for.
    pub error_count: U32,
    /// The number of the file system.
    pub fsid: U64,
    /// Types of the three handles.
    pub handle_types: [u8; 3],
    /// Bytes of each.
    pub handle_lengths: [u8; 3],
    /// Bytes of both names.
    pub name_lengths: [u8; 2],
}
record!(
    FanotifyEvent,
    bits mask = FANOTIFY_TOLD,
    one kind = FANOTIFY_TOLD_PATH
        | FANOTIFY_TOLD_HANDLE
        | FANOTIFY_TOLD_NAME
        | FANOTIFY_TOLD_ERROR
        | FANOTIFY_TOLD_OVERFLOW,
    tail tail_length,
    rule is_told
);

/// By a file that reading it opens.
pub const FANOTIFY_TOLD_PATH: u32 = 1;
/// By one handle.
pub const FANOTIFY_TOLD_HANDLE: u32 = 2;
/// By handles and names.
pub const FANOTIFY_TOLD_NAME: u32 = 3;
/// An error of a file system.
pub const FANOTIFY_TOLD_ERROR: u32 = 4;
/// That events were lost.
pub const FANOTIFY_TOLD_OVERFLOW: u32 = 5;

/// All but FAN_REPORT_MNT.
pub const FANOTIFY_FLAGS: u32 = 0x8000_3fff;
/// O_ACCMODE, O_APPEND, O_NONBLOCK, O_SYNC, O_DSYNC, O_CLOEXEC, O_LARGEFILE, O_NOATIME.
pub const FANOTIFY_EVENT_FLAGS: u32 = 0x001c_9c03;
/// FAN_MARK_EVICTABLE, FAN_MARK_IGNORE and FAN_MARK_IGNORED_SURV_MODIFY.
pub const FANOTIFY_MARK_FLAGS: u32 = 0x0000_0640;
/// All events that do not ask for permission, FAN_ONDIR, FAN_EVENT_ON_CHILD.
pub const FANOTIFY_EVENTS: u32 = 0x5800_9fff;
/// The same, and FAN_Q_OVERFLOW.
pub const FANOTIFY_TOLD: u32 = 0x5800_dfff;
/// Longest handle.
pub const MAX_HANDLE: u64 = 128;
/// Longest tail of an event.
pub const MAX_FANOTIFY_EVENT: u64 = 3 * MAX_HANDLE + 2 * 255;

/// A directory of which changes are told by a signal: fcntl(F_NOTIFY). Of one directory, in the order
/// in which they were asked for.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct DirectoryWatch {
    /// The `OpenFile` of the directory.
    pub file: ObjectId,
    /// The `DescriptorTable` by which it was asked for.
    pub table: ObjectId,
    /// The descriptor that is told.
    pub number: U32,
    /// As fcntl(F_NOTIFY) takes it.
    pub events: Mask32,
}
record!(
    DirectoryWatch,
    bits events = DIRECTORY_EVENTS,
    rule has_descriptor
);

/// DN_ACCESS, DN_MODIFY, DN_CREATE, DN_DELETE, DN_RENAME, DN_ATTRIB, DN_MULTISHOT.
pub const DIRECTORY_EVENTS: u32 = 0x8000_003f;

impl FanotifyMark {
    fn is_possible(&self) -> Result<(), Problem> {
        if self.weak.get() > 1 {
            return Err(Problem::Value("weak", self.weak.get().into()));
        }
        match self.handle_type.get() {
            0..=0xfe => Ok(()),
            other => Err(Problem::Value("handle_type", other.into())),
        }
    }
}

impl FanotifyEvent {
    fn tail_length(&self) -> u64 {
        let all = self.handle_lengths.iter().chain(&self.name_lengths);
        all.map(|length| u64::from(*length)).sum()
    }

    fn is_told(&self) -> Result<(), Problem> {
        for length in self.handle_lengths {
            if u64::from(length) > MAX_HANDLE || length % 4 != 0 {
                return Err(Problem::Value("handle_lengths", length.into()));
            }
        }
        let is_path = self.kind.get() == FANOTIFY_TOLD_PATH;
        match is_path == (self.file != ObjectId::NONE) {
            true => Ok(()),
            false => Err(Problem::Reference("file", self.file.get())),
        }
    }
}

impl DirectoryWatch {
    fn has_descriptor(&self) -> Result<(), Problem> {
        match self.number.get() {
            0..=0x7fff_ffff => Ok(()),
            number => Err(Problem::Value("number", number.into())),
        }
    }
}
