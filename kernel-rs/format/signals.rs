// SPDX-License-Identifier: GPL-2.0

//! Signal actions, queued signals, interval timers.

use zerocopy::little_endian::{U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Address, Mask64, ObjectId, TaskId};

/// Signals 1 to 64.
pub const SIGNALS: usize = 64;

/// One signal action, as rt_sigaction gives it.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct SignalAction {
    /// SIG_DFL, SIG_IGN or the handler.
    pub handler: Address,
    /// SA_* bits.
    pub flags: Mask64,
    /// Where the handler returns to.
    pub restorer: Address,
    /// Signals blocked while it runs.
    pub mask: Mask64,
}

/// All actions of a process.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct SignalActions {
    /// The object that this record declares.
    pub id: ObjectId,
    /// Must be zero.
    pub reserved: U32,
    /// Signal n at index n - 1.
    pub actions: [SignalAction; SIGNALS],
}
record!(SignalActions, zero reserved);

/// A queued signal.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct PendingSignal {
    /// Whom it waits for.
    pub task: TaskId,
    /// Bits of `PENDING_*`.
    pub flags: U32,
    /// The siginfo_t that its handler gets.
    pub siginfo: [u8; 128],
}
record!(PendingSignal, bits flags = PENDING_SHARED);

/// Queued for the whole process, not for one thread.
pub const PENDING_SHARED: u32 = 1 << 0;

/// An interval timer.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct IntervalTimer {
    /// The process.
    pub task: TaskId,
    /// ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF.
    pub which: U32,
    /// What remains until it fires.
    pub value_ns: U64,
    /// What it is set to again then; zero: once.
    pub interval_ns: U64,
}
record!(IntervalTimer, one which = 0..=2);
