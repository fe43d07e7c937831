// SPDX-License-Identifier: GPL-2.0

//! What tells of events: eventfds.

use zerocopy::little_endian::{U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, ObjectId};

/// An event counter (eventfd). One `OpenFile` refers to it.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct EventCounter {
    /// The object that this record declares.
    pub id: ObjectId,
    /// Bits of `EVENT_COUNTER_*`.
    pub flags: U32,
    /// What it has counted; all ones: it has run over.
    pub count: U64,
}
record!(EventCounter, bits flags = EVENT_COUNTER_SEMAPHORE);

/// Each read takes one (EFD_SEMAPHORE).
pub const EVENT_COUNTER_SEMAPHORE: u32 = 1 << 0;
