// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Timerfds.
//!
//! Saves: clock, expiry, interval, expirations that were not read, whether it has expired and waits to
//! be set again, flags that it was set with, and that the clock was set if nobody has been told.
//! Needs, at restart: CAP_WAKE_ALARM for the alarm clocks.
//! Restores: timers go on as those of processes do (`timers`); they start last of all, when what is
//! ready is in place (`epolls`). One whose time has passed by then expires at once. That there was a
//! restart does not count as setting the clock (TFD_TIMER_CANCEL_ON_SET).
//! Locks: that of the timer's wait queue, inside one call of the glue.

use kernel::prelude::*;
use zerocopy::little_endian::{I64, U32, U64};

use super::files::FilePlan;
use super::syscalls::{offset, MONOTONIC};
use crate::abstractions::file::OpenFile;
use crate::abstractions::namespaces::Namespaces;
use crate::abstractions::polls::{self, TimerfdState};
use crate::capture::{Capture, FrozenTask};
use crate::format::events::{
    Timerfd, TIMERFD_ARMED, TIMERFD_CANCELABLE, TIMERFD_CANCELED, TIMERFD_EXPIRED, TIMERFD_RELATIVE,
};
use crate::format::reason::Reason;
use crate::format::ObjectId;
use crate::log::Refusal;

/// That of a timer that was never set.
const UNSET: i64 = 0;
/// KTIME_MAX, which times out of reach are cut to.
const NEVER: i64 = i64::MAX;

/// Describes one.
pub(super) fn capture(
    file: &OpenFile,
    task: &FrozenTask,
    out: &mut Capture<'_>,
) -> Result<ObjectId> {
    let state = polls::timer_of(file).ok_or(EINVAL)?;
    let record = record(out.new_object()?, &state, &task.namespaces);
    out.record(&record, &[])?;
    Ok(record.id)
}

/// What the clock that it counts on is ahead of the host's.
fn ahead(clock: i32, is_relative: bool, namespaces: &Namespaces) -> i64 {
    let clock = if is_relative { MONOTONIC } else { clock };
    offset(clock, namespaces).unwrap_or(0)
}

fn record(id: ObjectId, state: &TimerfdState, namespaces: &Namespaces) -> Timerfd {
    let flags = [
        (state.armed, TIMERFD_ARMED),
        (state.expired, TIMERFD_EXPIRED),
        (state.relative, TIMERFD_RELATIVE),
        (state.cancelable, TIMERFD_CANCELABLE),
        (state.canceled, TIMERFD_CANCELED),
    ];
    let flags = flags
        .iter()
        .fold(0, |all, (is, flag)| if *is { all | flag } else { all });
    let ahead = ahead(state.clockid, state.relative, namespaces);
    // What was stopped shows when it would have expired, on an alarm clock.
    let expires = match state.expires {
        UNSET | NEVER => state.expires,
        expires => expires.saturating_add(ahead),
    };
    Timerfd {
        id,
        clock: U32::new(state.clockid as u32),
        flags: U32::new(flags),
        settime_flags: U32::new(state.settime_flags as u32),
        expires_ns: I64::new(expires),
        interval_ns: U64::new(state.interval as u64),
        ticks: U64::new(state.ticks),
    }
}

fn state(record: &Timerfd, here: &Namespaces) -> TimerfdState {
    let has = |flag: u32| record.flags.get() & flag != 0;
    let clockid = record.clock.get() as i32;
    let ahead = ahead(clockid, has(TIMERFD_RELATIVE), here);
    let expires = match record.expires_ns.get() {
        NEVER => NEVER,
        // Nothing expires before the clocks of this machine began.
        expires if has(TIMERFD_ARMED) => expires.saturating_sub(ahead).max(0),
        UNSET => UNSET,
        expires => expires.saturating_sub(ahead),
    };
    TimerfdState {
        clockid,
        settime_flags: record.settime_flags.get() as i32,
        expires,
        interval: record.interval_ns.get() as i64,
        ticks: record.ticks.get(),
        armed: has(TIMERFD_ARMED),
        expired: has(TIMERFD_EXPIRED),
        relative: has(TIMERFD_RELATIVE),
        cancelable: has(TIMERFD_CANCELABLE),
        canceled: has(TIMERFD_CANCELED),
    }
}

/// Makes one, not yet set.
pub(super) fn open(record: &Timerfd, plan: &FilePlan) -> Result<OpenFile, Refusal> {
    polls::timerfd(record.clock.get() as i32).map_err(|error| match error {
        EPERM => Refusal::new(Reason::RestoreNotPermitted, error).name("a timer on an alarm clock"),
        error => plan.refusal(Reason::StateNotRestored, error),
    })
}

/// Starts it, by the clocks of the container's time namespace.
pub(super) fn start(record: &Timerfd, file: &OpenFile, here: &Namespaces) -> Result {
    polls::start_timer(file, &state(record, here))
}

#[kunit_tests(checkpoint_timerfds)]
mod tests {
    use zerocopy::FromZeros;

    use super::*;

    fn there() -> Namespaces {
        Namespaces {
            monotonic_offset: 100,
            boottime_offset: 1000,
            ..Namespaces::default()
        }
    }

    fn expires(clock: u32, flags: u32, expires: i64) -> i64 {
        let mut timer = Timerfd::new_zeroed();
        timer.clock = U32::new(clock);
        timer.flags = U32::new(flags);
        timer.expires_ns = I64::new(expires);
        state(&timer, &there()).expires
    }

    #[test]
    fn expiries_are_moved_with_the_clock_they_are_on() {
        assert_eq!(expires(1, TIMERFD_ARMED, 5000), 4900);
        assert_eq!(expires(7, TIMERFD_ARMED, 5000), 4000);
        assert_eq!(expires(9, TIMERFD_ARMED, 5000), 4000);
        assert_eq!(expires(0, TIMERFD_ARMED, 5000), 5000);
        assert_eq!(expires(0, TIMERFD_ARMED | TIMERFD_RELATIVE, 5000), 4900);
        assert_eq!(expires(1, TIMERFD_ARMED, NEVER), NEVER);
    }

    #[test]
    fn what_has_expired_may_be_older_than_the_machine() {
        assert_eq!(expires(1, TIMERFD_EXPIRED, 50), -50);
        assert_eq!(expires(1, TIMERFD_ARMED, 50), 0);
        assert_eq!(expires(1, 0, 50), -50);
        assert_eq!(expires(1, 0, UNSET), UNSET);
    }

    #[test]
    fn a_timer_comes_back_as_it_was() {
        let before = TimerfdState {
            clockid: 7,
            expires: 5000,
            interval: 30,
            ticks: 2,
            expired: true,
            ..TimerfdState::default()
        };
        let record = record(ObjectId::NONE, &before, &there());
        let after = state(&record, &there());
        assert_eq!(record.expires_ns.get(), 6000);
        assert_eq!((after.expires, after.interval), (5000, 30));
        assert_eq!((after.ticks, after.expired, after.armed), (2, true, false));
    }
}
