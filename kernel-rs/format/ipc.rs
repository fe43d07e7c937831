// SPDX-License-Identifier: GPL-2.0

//! System V semaphores, message queues and shared memory; the IPC namespace that they are in.

use zerocopy::little_endian::{I32, I64, U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Mode, ObjectId, TaskId};
use super::Problem;

/// An IPC namespace of the container's own. All that is in it is saved, and it is made again.
/// Limits are those of sysctl(8).
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct IpcSpace {
    /// `kernel.shmmax`.
    pub shm_max: U64,
    /// `kernel.shmall`.
    pub shm_all: U64,
    /// `kernel.shmmni`.
    pub shm_mni: U32,
    /// `kernel.shm_rmid_forced`.
    pub shm_rmid_forced: U32,
    /// `kernel.msgmax`.
    pub msg_max: U32,
    /// `kernel.msgmnb`.
    pub msg_mnb: U32,
    /// `kernel.msgmni`.
    pub msg_mni: U32,
    /// `kernel.sem`: semaphores in a set.
    pub sem_set: U32,
    /// `kernel.sem`: semaphores in all.
    pub sem_all: U32,
    /// `kernel.sem`: operations in a call.
    pub sem_operations: U32,
    /// `kernel.sem`: sets.
    pub sem_sets: U32,
    /// `fs.mqueue.queues_max`.
    pub queues_max: U32,
    /// `fs.mqueue.msg_max`.
    pub queue_messages_max: U32,
    /// `fs.mqueue.msgsize_max`.
    pub queue_size_max: U32,
    /// `fs.mqueue.msg_default`.
    pub queue_messages: U32,
    /// `fs.mqueue.msgsize_default`.
    pub queue_size: U32,
    /// Sets of semaphores: the sequence number of those to come.
    pub sem_sequence: U32,
    /// The place that the last got, plus one.
    pub sem_last: U32,
    /// The place to try next.
    pub sem_next: U32,
    /// The same of message queues.
    pub msg_sequence: U32,
    /// Likewise.
    pub msg_last: U32,
    /// Likewise.
    pub msg_next: U32,
    /// The same of shared memory.
    pub shm_sequence: U32,
    /// Likewise.
    pub shm_last: U32,
    /// Likewise.
    pub shm_next: U32,
    /// Must be zero.
    pub reserved: U32,
    /// Mode of the directory that POSIX message queues lie in, without its type.
    pub queues_mode: Mode,
    /// Its owner.
    pub queues_uid: U32,
    /// Its group.
    pub queues_gid: U32,
    /// Nanoseconds of when it was accessed.
    pub queues_accessed_ns: U32,
    /// When that was, in seconds since 1970.
    pub queues_accessed_s: I64,
    /// When it was modified.
    pub queues_modified_s: I64,
    /// When it was changed.
    pub queues_changed_s: I64,
    /// Nanoseconds of when it was modified.
    pub queues_modified_ns: U32,
    /// Nanoseconds of when it was changed.
    pub queues_changed_ns: U32,
}
record!(IpcSpace, zero reserved, rule is_possible);

impl IpcSpace {
    fn is_possible(&self) -> Result<(), Problem> {
        permissions("queues_mode", self.queues_mode)?;
        nanoseconds("queues_accessed_ns", self.queues_accessed_ns)?;
        nanoseconds("queues_modified_ns", self.queues_modified_ns)?;
        nanoseconds("queues_changed_ns", self.queues_changed_ns)
    }
}

/// A mode without a type.
pub(super) fn permissions(name: &'static str, mode: Mode) -> Result<(), Problem> {
    match mode.get() {
        0..=0o7777 => Ok(()),
        mode => Err(Problem::Value(name, mode.into())),
    }
}

/// Less than a second.
pub(super) fn nanoseconds(name: &'static str, ns: U32) -> Result<(), Problem> {
    match ns.get() {
        0..=999_999_999 => Ok(()),
        ns => Err(Problem::Value(name, ns.into())),
    }
}

/// A System V object. The tail: of a set of semaphores, for each its value and the number of the
/// process that changed it last, four bytes each; of a queue, for each message its type and its
/// size, eight bytes each, and its bytes. Processes are called by their numbers in the
/// container's pid namespace, also those that have ended; zero is none, or one from outside of that.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct IpcObject {
    /// What it is: one of `IPC_OBJECT_*`.
    pub what: U32,
    /// Its identifier.
    pub identifier: I32,
    /// Its key.
    pub key: I32,
    /// Rights, and of memory what else shmctl(IPC_STAT) shows in them.
    pub mode: Mode,
    /// Its owner.
    pub uid: U32,
    /// Its group.
    pub gid: U32,
    /// Who made it.
    pub cuid: U32,
    /// The group of whoever made it.
    pub cgid: U32,
    /// The `Storage` of memory; or none.
    pub storage: ObjectId,
    /// The process that made it.
    pub maker: I32,
    /// The one that attached or detached memory last, or sent a message.
    pub last: I32,
    /// The one that received a message last.
    pub receiver: I32,
    /// The thread whose end takes memory away that nobody has attached, if `kernel.shm_rmid_forced`
    /// is set: its number, plus one; zero: none.
    pub thread: U32,
    /// Must be zero.
    pub reserved: U32,
    /// When semaphores were operated on, a message sent, memory attached; seconds since 1970, or zero.
    pub used_s: I64,
    /// When a message was received, memory detached.
    pub left_s: I64,
    /// When it was made, or IPC_SET changed it.
    pub changed_s: I64,
    /// Semaphores; most bytes that may be in a queue; bytes of memory.
    pub size: U64,
}
record!(
    IpcObject,
    zero reserved,
    one what = IPC_OBJECT_SEMAPHORES | IPC_OBJECT_MESSAGES | IPC_OBJECT_MEMORY,
    rule is_an_object
);

/// A set of semaphores.
pub const IPC_OBJECT_SEMAPHORES: u32 = 1;
/// A message queue.
pub const IPC_OBJECT_MESSAGES: u32 = 2;
/// Shared memory.
pub const IPC_OBJECT_MEMORY: u32 = 3;

/// Mode of shared memory that goes when nobody has attached it any more (SHM_DEST).
pub const IPC_MODE_REMOVED: u32 = 0o1000;
/// Mode of shared memory that shmctl(SHM_LOCK) has locked (SHM_LOCKED).
pub const IPC_MODE_LOCKED: u32 = 0o2000;

/// Longest tail of an object.
pub const MAX_IPC_TAIL: u64 = 16 * 1024 * 1024;
/// Most semaphores in a set.
pub const MAX_SEMAPHORES: u64 = 64 * 1024;
/// Bytes of a semaphore in a tail.
pub const SEMAPHORE: u64 = 8;
/// Bytes before those of a message in a tail.
pub const MESSAGE: u64 = 16;

impl IpcObject {
    fn is_an_object(&self) -> Result<(), Problem> {
        let value = |name, value: u64| Err(Problem::Value(name, value));
        let (what, mode) = (self.what.get(), self.mode.get());
        let is_memory = what == IPC_OBJECT_MEMORY;
        let most = match is_memory {
            true => 0o777 | IPC_MODE_REMOVED | IPC_MODE_LOCKED,
            false => 0o777,
        };
        if mode & !most != 0 {
            return value("mode", mode.into());
        }
        if self.identifier.get() < 0 {
            return value("identifier", self.identifier.get() as u64);
        }
        if (self.storage == ObjectId::NONE) == is_memory {
            return value("storage", self.storage.get().into());
        }
        if self.thread.get() != 0 && !is_memory {
            return value("thread", self.thread.get().into());
        }
        for (name, number) in [
            ("maker", self.maker),
            ("last", self.last),
            ("receiver", self.receiver),
        ] {
            if number.get() < 0 {
                return value(name, number.get() as u64);
            }
        }
        let size = self.size.get();
        let is_fine = match what {
            IPC_OBJECT_SEMAPHORES => (1..=MAX_SEMAPHORES).contains(&size),
            IPC_OBJECT_MESSAGES => size <= u64::from(u32::MAX),
            _ => size <= i64::MAX as u64,
        };
        match is_fine {
            true => Ok(()),
            false => value("size", size),
        }
    }
}

/// What is to be undone in a set of semaphores when the last of those ends who share the list. The
/// tail: what is to be added to each, two bytes each.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct IpcUndo {
    /// The first thread that has the list.
    pub task: TaskId,
    /// Identifier of the set.
    pub identifier: I32,
    /// Semaphores in it.
    pub count: U32,
    /// Must be zero.
    pub reserved: U32,
}
record!(IpcUndo, zero reserved, tail adjustments, rule has_semaphores);

impl IpcUndo {
    fn adjustments(&self) -> u64 {
        u64::from(self.count.get()).saturating_mul(2)
    }

    fn has_semaphores(&self) -> Result<(), Problem> {
        let count = u64::from(self.count.get());
        if !(1..=MAX_SEMAPHORES).contains(&count) {
            return Err(Problem::Value("count", count));
        }
        match self.identifier.get() {
            0.. => Ok(()),
            id => Err(Problem::Value("identifier", id as u64)),
        }
    }
}
