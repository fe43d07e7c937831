// SPDX-License-Identifier: GPL-2.0

//! Interval timers and POSIX timers.
//!
//! An expiry is a time on the clock that the timer counts on, which is the container's own: so it
//! needs no correction for the time that an image lay about. CPU-time clocks go on from the
//! `Usage` of the process.

use zerocopy::little_endian::{I32, I64, U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Mask64, TaskId};
use super::Problem;

/// An interval timer.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct IntervalTimer {
    /// The process.
    pub task: TaskId,
    /// ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF.
    pub which: U32,
    /// When it fires, or has fired: on CLOCK_MONOTONIC, on the user time of the process, on its
    /// user and system time. Zero: it is not set.
    pub expires_ns: U64,
    /// What it is set to again then; zero: once.
    pub interval_ns: U64,
    /// Bits of `INTERVAL_TIMER_*`.
    pub flags: U32,
    /// Must be zero.
    pub reserved: U32,
}
record!(
    IntervalTimer,
    zero reserved,
    bits flags = INTERVAL_TIMER_FIRED,
    one which = 0..=2,
    rule is_possible
);

/// ITIMER_REAL has fired, and is set again when a SIGALRM is taken.
pub const INTERVAL_TIMER_FIRED: u32 = 1 << 0;

impl IntervalTimer {
    fn is_possible(&self) -> Result<(), Problem> {
        let fired = self.flags.get() & INTERVAL_TIMER_FIRED != 0;
        if fired && self.which.get() != 0 {
            return Err(Problem::Value("flags", self.flags.get().into()));
        }
        is_time("expires_ns", self.expires_ns)?;
        is_time("interval_ns", self.interval_ns)
    }
}

/// What the POSIX timers of a process have in common. Without this record there are none, and
/// never were.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct PosixTimers {
    /// The process.
    pub task: TaskId,
    /// The id that the next timer gets, if it is free.
    pub next_id: U32,
    /// Bits of `POSIX_TIMERS_*`.
    pub flags: U32,
    /// Must be zero.
    pub reserved: U32,
}
record!(
    PosixTimers,
    zero reserved,
    bits flags = POSIX_TIMERS_CHOSEN_IDS,
    rule has_an_id
);

/// PR_TIMER_CREATE_RESTORE_IDS.
pub const POSIX_TIMERS_CHOSEN_IDS: u32 = 1 << 0;

impl PosixTimers {
    fn has_an_id(&self) -> Result<(), Problem> {
        is_id("next_id", self.next_id)
    }
}

/// A POSIX timer. Older ones come first.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct PosixTimer {
    /// The process.
    pub task: TaskId,
    /// Its id.
    pub id: U32,
    /// The clock, as timer_create takes it; a CPU-time clock without the process id in it.
    pub clock: I32,
    /// The process or thread whose time a CPU-time clock counts; of another clock: outside.
    pub clock_task: TaskId,
    /// SIGEV_SIGNAL, SIGEV_NONE, SIGEV_THREAD, SIGEV_THREAD_ID.
    pub notify: U32,
    /// The signal; with SIGEV_NONE any number.
    pub signal: I32,
    /// Who gets it: the process, or with SIGEV_THREAD_ID the thread.
    pub target: TaskId,
    /// Bits of `POSIX_TIMER_*`.
    pub flags: U32,
    /// sigev_value.
    pub value: Mask64,
    /// When it expires, or has expired.
    pub expires_ns: I64,
    /// What it is set to again then; zero: once.
    pub interval_ns: U64,
    /// Expiries that its next signal will have missed, less one.
    pub overruns: I64,
    /// timer_getoverrun(2).
    pub last_overruns: I64,
}
record!(
    PosixTimer,
    bits flags = POSIX_TIMER_BITS,
    rule is_possible
);

const POSIX_TIMER_BITS: u32 =
    POSIX_TIMER_ARMED | POSIX_TIMER_WAITING | POSIX_TIMER_RELATIVE | POSIX_TIMER_NAMES_TASK;

/// It counts down. (With SIGEV_NONE nothing happens then; only timer_gettime tells.)
pub const POSIX_TIMER_ARMED: u32 = 1 << 0;
/// It has expired and is set again when its signal is taken.
pub const POSIX_TIMER_WAITING: u32 = 1 << 1;
/// CLOCK_REALTIME: set to a time from then on, so it counts on CLOCK_MONOTONIC.
pub const POSIX_TIMER_RELATIVE: u32 = 1 << 2;
/// A CPU-time clock that was given by its task's number, not as that of whoever asks.
pub const POSIX_TIMER_NAMES_TASK: u32 = 1 << 3;

impl PosixTimer {
    /// Does it count CPU time?
    pub fn counts_cpu_time(&self) -> bool {
        self.clock.get() < 0
    }

    /// Does it send no signal?
    pub fn is_silent(&self) -> bool {
        // SIGEV_NONE
        self.notify.get() == 1
    }

    /// Does one thread get the signal, not the process?
    pub fn is_for_thread(&self) -> bool {
        // SIGEV_THREAD_ID
        self.notify.get() == 4
    }

    fn is_possible(&self) -> Result<(), Problem> {
        match self.clock.get() {
            // CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_REALTIME_ALARM,
            // CLOCK_BOOTTIME_ALARM, CLOCK_TAI.
            0 | 1 | 7 | 8 | 9 | 11 => (),
            // CPU time of the process, and of the thread: user and system, user, scheduled.
            -8..=-6 | -4..=-2 => (),
            clock => return Err(Problem::Value("clock", clock as u64)),
        }
        if (self.clock_task != TaskId::OUTSIDE) != self.counts_cpu_time() {
            return Err(Problem::Reference("clock_task", self.clock_task.get()));
        }
        match (self.notify.get(), self.signal.get()) {
            (1, _) | (0 | 2 | 4, 1..=64) => (),
            (0 | 2 | 4, signal) => return Err(Problem::Value("signal", signal as u64)),
            (notify, _) => return Err(Problem::Value("notify", notify.into())),
        }
        self.is_possible_state()?;
        is_id("id", self.id)?;
        is_time("interval_ns", self.interval_ns)
    }

    fn is_possible_state(&self) -> Result<(), Problem> {
        /// Times and counts of this size can be added without an overflow.
        const MOST: i64 = i64::MAX / 2;
        let flags = self.flags.get();
        let has = |bit: u32| flags & bit != 0;
        let waits_for_nothing =
            has(POSIX_TIMER_ARMED) || self.interval_ns.get() == 0 || self.is_silent();
        if has(POSIX_TIMER_RELATIVE) && self.clock.get() != 0
            || has(POSIX_TIMER_WAITING) && waits_for_nothing
        {
            return Err(Problem::Value("flags", flags.into()));
        }
        let expires = self.expires_ns.get();
        let earliest = if self.counts_cpu_time() { 0 } else { -MOST };
        if expires < earliest {
            return Err(Problem::Value("expires_ns", expires as u64));
        }
        let counts = [
            ("overruns", self.overruns.get()),
            ("last_overruns", self.last_overruns.get()),
        ];
        match counts
            .iter()
            .find(|(_, count)| !(-1..=MOST).contains(count))
        {
            None => Ok(()),
            Some((name, count)) => Err(Problem::Value(name, *count as u64)),
        }
    }
}

/// Times are positive as the kernel's own, which are signed.
fn is_time(name: &'static str, time: U64) -> Result<(), Problem> {
    match i64::try_from(time.get()) {
        Ok(_) => Ok(()),
        Err(_) => Err(Problem::Value(name, time.get())),
    }
}

fn is_id(name: &'static str, id: U32) -> Result<(), Problem> {
    match i32::try_from(id.get()) {
        Ok(_) => Ok(()),
        Err(_) => Err(Problem::Value(name, id.get().into())),
    }
}
