// SPDX-License-Identifier: GPL-2.0

//! POSIX message queues.

use zerocopy::little_endian::{I32, I64, U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::ipc::{nanoseconds, permissions};
use super::record::{record, Mask64, Mode, ObjectId};
use super::Problem;

/// A POSIX message queue. Any number of `OpenFile`s may refer to it; none, if it has a name and its
/// IPC namespace is the container's own. The tail is its name, without a slash.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Queue {
    /// The object that this record declares.
    pub id: ObjectId,
    /// Bits of `QUEUE_*`.
    pub flags: U32,
    /// Who may do what.
    pub mode: Mode,
    /// Its owner.
    pub uid: U32,
    /// Its group.
    pub gid: U32,
    /// The user as whose it counts (RLIMIT_MSGQUEUE).
    pub user: U32,
    /// How many messages it takes.
    pub room: U32,
    /// How long they may be.
    pub longest: U32,
    /// How many there are.
    pub messages: U32,
    /// Nanoseconds of when it was accessed.
    pub accessed_ns: U32,
    /// Nanoseconds of when it was modified.
    pub modified_ns: U32,
    /// Nanoseconds of when it was changed.
    pub changed_ns: U32,
    /// When it was accessed, in seconds since 1970.
    pub accessed_s: I64,
    /// When it was modified.
    pub modified_s: I64,
    /// When it was changed.
    pub changed_s: I64,
    /// The size that stat(2) shows.
    pub size: U64,
}
record!(Queue, bits flags = QUEUE_REMOVED, rule is_possible);

/// It has no name any more (mq_unlink); the tail is the one that it had.
pub const QUEUE_REMOVED: u32 = 1 << 0;

/// Most messages in a queue (HARD_MSGMAX).
pub const MAX_QUEUE_MESSAGES: u32 = 64 * 1024;
/// Longest message (HARD_MSGSIZEMAX).
pub const MAX_QUEUE_MESSAGE: u32 = 16 * 1024 * 1024;
/// Longest name.
pub const MAX_QUEUE_NAME: u64 = 255;
/// Priorities of messages are below it (MQ_PRIO_MAX).
pub const QUEUE_PRIORITIES: u32 = 32768;

impl Queue {
    fn is_possible(&self) -> Result<(), Problem> {
        permissions("mode", self.mode)?;
        nanoseconds("accessed_ns", self.accessed_ns)?;
        nanoseconds("modified_ns", self.modified_ns)?;
        nanoseconds("changed_ns", self.changed_ns)?;
        let (room, longest) = (self.room.get(), self.longest.get());
        if !(1..=MAX_QUEUE_MESSAGES).contains(&room) {
            return Err(Problem::Value("room", room.into()));
        }
        if !(1..=MAX_QUEUE_MESSAGE).contains(&longest) {
            return Err(Problem::Value("longest", longest.into()));
        }
        if self.messages.get() > room {
            return Err(Problem::Value("messages", self.messages.get().into()));
        }
        match self.size.get() {
            size if size > i32::MAX as u64 => Err(Problem::Value("size", size)),
            _ => Ok(()),
        }
    }

    /// Could a queue be called so?
    pub fn takes_name(name: &[u8]) -> bool {
        (1..=MAX_QUEUE_NAME).contains(&(name.len() as u64))
            && !name.iter().any(|byte| matches!(byte, 0 | b'/'))
            && name != b"."
            && name != b".."
    }
}

/// A message in a POSIX message queue. Those that come out first come first.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct QueueMessage {
    /// The `Queue`.
    pub queue: ObjectId,
    /// Its priority.
    pub priority: U32,
}
record!(QueueMessage, rule has_priority);

impl QueueMessage {
    fn has_priority(&self) -> Result<(), Problem> {
        match self.priority.get() {
            0..QUEUE_PRIORITIES => Ok(()),
            priority => Err(Problem::Value("priority", priority.into())),
        }
    }
}

/// Who is told, once, when a message comes to an empty POSIX message queue (mq_notify).
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct QueueNotice {
    /// The `Queue`.
    pub queue: ObjectId,
    /// The process, by its number in the container's pid namespace, also if it has ended.
    pub owner: I32,
    /// One of `QUEUE_NOTICE_*`.
    pub what: U32,
    /// The signal, if it is one.
    pub signal: U32,
    /// Whether the process still runs the program that asked for it: else it gets no signal.
    pub same_program: U32,
    /// Must be zero.
    pub reserved: U32,
    /// What comes with the signal.
    pub value: Mask64,
}
record!(
    QueueNotice,
    zero reserved,
    one what = QUEUE_NOTICE_NONE | QUEUE_NOTICE_SIGNAL,
    one same_program = 0 | 1,
    rule is_possible
);

/// Nobody hears of it, and nobody else can ask to be told (SIGEV_NONE).
pub const QUEUE_NOTICE_NONE: u32 = 1;
/// By a signal (SIGEV_SIGNAL).
pub const QUEUE_NOTICE_SIGNAL: u32 = 2;

impl QueueNotice {
    fn is_possible(&self) -> Result<(), Problem> {
        if self.owner.get() <= 0 {
            return Err(Problem::Value("owner", self.owner.get() as u64));
        }
        match self.signal.get() {
            0..=64 => Ok(()),
            signal => Err(Problem::Value("signal", signal.into())),
        }
    }
}
