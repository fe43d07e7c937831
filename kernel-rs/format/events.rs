// SPDX-License-Identifier: GPL-2.0

//! What tells of events: eventfds, signalfds, timerfds, epolls.

use zerocopy::little_endian::{I64, U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Mask32, Mask64, ObjectId};
use super::Problem;

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

/// A signalfd. One `OpenFile` refers to it; signals that wait are those of the tasks.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Signalfd {
    /// The object that this record declares.
    pub id: ObjectId,
    /// Must be zero.
    pub reserved: U32,
    /// The signals that it takes.
    pub signals: Mask64,
}
record!(Signalfd, zero reserved);

/// A timerfd. One `OpenFile` refers to it.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Timerfd {
    /// The object that this record declares.
    pub id: ObjectId,
    /// The clock, as timerfd_create(2) takes it.
    pub clock: U32,
    /// Bits of `TIMERFD_*`.
    pub flags: U32,
    /// Flags that it was set with, as timerfd_settime(2) takes them; fdinfo shows them.
    pub settime_flags: Mask32,
    /// When it expires, has or would have expired, on its clock; if it is relative, on
    /// CLOCK_MONOTONIC. Zero: it was never set.
    pub expires_ns: I64,
    /// What it is set to again then; zero: once.
    pub interval_ns: U64,
    /// Expirations that were not read.
    pub ticks: U64,
}
record!(
    Timerfd,
    bits flags = TIMERFD_ARMED | TIMERFD_EXPIRED | TIMERFD_RELATIVE | TIMERFD_CANCELABLE
        | TIMERFD_CANCELED,
    bits settime_flags = SETTIME_FLAGS,
    one clock = 0 | 1 | 7 | 8 | 9,
    rule is_possible
);

/// It counts down.
pub const TIMERFD_ARMED: u32 = 1 << 0;
/// It has expired; with an interval it is set again when that is read.
pub const TIMERFD_EXPIRED: u32 = 1 << 1;
/// CLOCK_REALTIME: set to a time from then on, so it counts on CLOCK_MONOTONIC.
pub const TIMERFD_RELATIVE: u32 = 1 << 2;
/// TFD_TIMER_CANCEL_ON_SET is in force.
pub const TIMERFD_CANCELABLE: u32 = 1 << 3;
/// The clock was set, and nobody has been told.
pub const TIMERFD_CANCELED: u32 = 1 << 4;

/// TFD_TIMER_ABSTIME and TFD_TIMER_CANCEL_ON_SET.
const SETTIME_FLAGS: u32 = 3;

impl Timerfd {
    fn is_possible(&self) -> Result<(), Problem> {
        /// Times of this size can be subtracted without an overflow.
        const MOST: i64 = i64::MAX / 2;
        let flags = self.flags.get();
        let has = |bit: u32| flags & bit != 0;
        let is_realtime = self.clock.get() == 0;
        let is_wall = is_realtime || self.clock.get() == 8;
        if has(TIMERFD_ARMED) && has(TIMERFD_EXPIRED)
            || has(TIMERFD_EXPIRED) && self.ticks.get() == 0
            || has(TIMERFD_RELATIVE) && !is_realtime
            || has(TIMERFD_CANCELABLE) && !is_wall
            || has(TIMERFD_CANCELED) && !(has(TIMERFD_CANCELABLE) && self.ticks.get() != 0)
        {
            return Err(Problem::Value("flags", flags.into()));
        }
        if self.expires_ns.get() < -MOST {
            let expires = self.expires_ns.get() as u64;
            return Err(Problem::Value("expires_ns", expires));
        }
        match i64::try_from(self.interval_ns.get()) {
            Ok(_) => Ok(()),
            Err(_) => Err(Problem::Value("interval_ns", self.interval_ns.get())),
        }
    }
}

/// An epoll. One `OpenFile` refers to it; its items are links.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Epoll {
    /// The object that this record declares.
    pub id: ObjectId,
    /// How long to poll busily, as EPIOCSPARAMS takes it.
    pub busy_poll_usecs: U32,
    /// How many packets at once, likewise.
    pub busy_poll_budget: U32,
    /// Whether to prefer that, likewise.
    pub prefer_busy_poll: U32,
}
record!(Epoll, one prefer_busy_poll = 0 | 1, rule is_possible);

impl Epoll {
    fn is_possible(&self) -> Result<(), Problem> {
        let budget = self.busy_poll_budget.get();
        match u16::try_from(budget) {
            Ok(_) => Ok(()),
            Err(_) => Err(Problem::Value("busy_poll_budget", budget.into())),
        }
    }
}

/// An item of an epoll. Those that were added first come first, whichever epoll they are of: by that
/// it goes who is woken first.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct EpollItem {
    /// The `OpenFile` that is an epoll.
    pub epoll: ObjectId,
    /// The `OpenFile` that it looks at, or a `Handed` one.
    pub file: ObjectId,
    /// The descriptor that it was added by.
    pub number: U32,
    /// Its place among those that are ready, from one on; zero: it is not.
    pub ready: U32,
    /// Events, as epoll_ctl(2) takes them. None, but bits that say how: it was disarmed
    /// (EPOLLONESHOT).
    pub events: Mask32,
    /// The `SignalActions` of those for whose signals it waits, if it looks at a signalfd; none:
    /// they have ended.
    pub actions: ObjectId,
    /// What comes with its events.
    pub data: Mask64,
}
record!(EpollItem, rule is_possible);

/// EPOLLEXCLUSIVE, EPOLLWAKEUP, EPOLLONESHOT, EPOLLET: they say how, not what for.
pub const EPOLL_HOW: u32 = 0xf000_0000;
/// EPOLLERR and EPOLLHUP, which nobody can do without.
pub const EPOLL_ALWAYS: u32 = 0x18;

impl EpollItem {
    fn is_possible(&self) -> Result<(), Problem> {
        let events = self.events.get();
        if events & !EPOLL_HOW != 0 && events & EPOLL_ALWAYS != EPOLL_ALWAYS {
            return Err(Problem::Value("events", events.into()));
        }
        match i32::try_from(self.number.get()) {
            Ok(_) => Ok(()),
            Err(_) => Err(Problem::Value("number", self.number.get().into())),
        }
    }
}
