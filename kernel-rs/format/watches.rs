// SPDX-License-Identifier: GPL-2.0

//! Who watches files: inotify.

use zerocopy::little_endian::{I32, U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Mask32, ObjectId};
use super::Problem;

/// An inotify instance. One `OpenFile` refers to it.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Watcher {
    /// The object that this record declares.
    pub id: ObjectId,
    /// The watch descriptor that it tries next.
    pub next: U32,
    /// Most events that it queues.
    pub room: U32,
}
record!(Watcher, rule is_possible);

/// What an instance watches. In the order of their descriptors. The tail is the path of it, if no open
/// file leads there.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Watch {
    /// The `Watcher`.
    pub watcher: ObjectId,
    /// An `OpenFile` of what is watched; none: the path leads there.
    pub file: ObjectId,
    /// The watch descriptor.
    pub number: U32,
    /// As inotify_add_watch(2) takes it.
    pub mask: Mask32,
    /// Its number in its file system.
    pub inode: U64,
}
record!(
    Watch,
    bits mask = WATCH_MASK,
    rule is_possible
);

/// One event that was not read so far, in their order. The tail is the name that belongs to it.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct WatchEvent {
    /// The `Watcher`.
    pub watcher: ObjectId,
    /// The watch descriptor.
    pub number: I32,
    /// What has happened, as the kernel keeps it.
    pub mask: Mask32,
    /// What belongs together.
    pub cookie: U32,
}
record!(WatchEvent);

/// What may be asked for: all events, IN_EXCL_UNLINK, IN_ONESHOT.
pub const WATCH_MASK: u32 = 0x8400_0fff;
/// Longest name of an event.
pub const MAX_EVENT_NAME: u64 = 1024;

const MAX: u32 = 0x7fff_ffff;

impl Watcher {
    fn is_possible(&self) -> Result<(), Problem> {
        for (name, value) in [("next", self.next.get()), ("room", self.room.get())] {
            if value > MAX {
                return Err(Problem::Value(name, value.into()));
            }
        }
        Ok(())
    }
}

impl Watch {
    fn is_possible(&self) -> Result<(), Problem> {
        match self.number.get() {
            1..=MAX => Ok(()),
            number => Err(Problem::Value("number", number.into())),
        }
    }
}
