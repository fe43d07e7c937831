// SPDX-License-Identifier: GPL-2.0

//! Timers: setitimer, alarm, timer_create.
//!
//! Saves: the three interval timers; POSIX timers with their ids, clock, event, expiry, interval
//! and overruns; the id that comes next. A timer that has fired is saved with its signal, by
//! `signals`; both look at the same `Moment`, so that no expiry is in both or in neither.
//! Refuses: a timer on the CPU time of a task outside, or for a thread that has ended.
//! Needs, at restart: CAP_WAKE_ALARM for the alarm clocks; room in RLIMIT_SIGPENDING.
//! Restores: timers are created while everything may fail, and start when the task leaves. One
//! whose time has passed by then fires at once.
//! Locks: siglock; a timer's lock over it. Each inside one call of the glue.

use kernel::prelude::*;
use zerocopy::little_endian::{I32, I64, U32, U64};

use crate::abstractions::creds::Prepared;
use crate::abstractions::namespaces::{self, Namespaces};
use crate::abstractions::signal;
use crate::abstractions::task;
use crate::abstractions::timers::{
    self, IntervalTimer as IntervalState, Moment, Pid, Timer, TimerState, INTERVAL_TIMERS,
};
use crate::capture::{Capture, FrozenTask};
use crate::format::reason::Reason;
use crate::format::signals::{
    PendingSignal, PENDING_DELETED, PENDING_IGNORED, PENDING_PERIODIC, PENDING_SHARED,
    PENDING_STALE,
};
use crate::format::timers::{
    IntervalTimer, PosixTimer, PosixTimers, INTERVAL_TIMER_FIRED, POSIX_TIMERS_CHOSEN_IDS,
    POSIX_TIMER_ARMED, POSIX_TIMER_NAMES_TASK, POSIX_TIMER_RELATIVE, POSIX_TIMER_WAITING,
};
use crate::format::TaskId;
use crate::log::Refusal;
use crate::plan::TaskPlan;
use crate::rooms::syscalls::{offset, MONOTONIC};
use crate::sort;

/// ITIMER_REAL, the one that counts on a clock of the time namespace.
const REAL: usize = 0;

/// Describes the timers of a process.
pub(crate) fn capture(task: &FrozenTask, moment: &Moment, out: &mut Capture<'_>) -> Result {
    for (which, state) in moment.interval_timers.iter().enumerate() {
        if state.armed || state.interval != 0 {
            out.record(&interval_record(task, which, state), &[])?;
        }
    }
    if moment.next_id != 0 || moment.chosen_ids || !moment.timers.is_empty() {
        let flags = if moment.chosen_ids {
            POSIX_TIMERS_CHOSEN_IDS
        } else {
            0
        };
        let record = PosixTimers {
            task: task.id,
            next_id: U32::new(moment.next_id),
            flags: U32::new(flags),
            reserved: U32::ZERO,
        };
        out.record(&record, &[])?;
    }
    for state in moment.timers.iter().rev() {
        let mut member = |pid: *const Pid, name| {
            let found = out.member(pid as usize);
            if found.is_none() {
                let refusal = task.refusal(Reason::TaskTimer).name(name);
                out.refuse(refusal.value(state.id as u64));
            }
            found.unwrap_or(task.id)
        };
        let clock_task = match state.clock {
            0.. => TaskId::OUTSIDE,
            _ => member(
                state.clock_pid,
                "it counts the CPU time of a task outside, or of one that has ended",
            ),
        };
        let target = member(state.target, "its signals go to a thread that has ended");
        out.record(&posix_record(task, state, clock_task, target), &[])?;
    }
    Ok(())
}

fn interval_record(task: &FrozenTask, which: usize, state: &IntervalState) -> IntervalTimer {
    let fired = which == REAL && !state.armed;
    let expires = if which == REAL {
        let expires = state.expires as i64;
        expires
            .saturating_add(task.namespaces.monotonic_offset)
            .max(0) as u64
    } else {
        state.expires
    };
    IntervalTimer {
        task: task.id,
        which: U32::new(which as u32),
        expires_ns: U64::new(expires.min(i64::MAX as u64)),
        interval_ns: U64::new(state.interval.min(i64::MAX as u64)),
        flags: U32::new(if fired { INTERVAL_TIMER_FIRED } else { 0 }),
        reserved: U32::ZERO,
    }
}

fn posix_record(
    task: &FrozenTask,
    state: &TimerState,
    clock_task: TaskId,
    target: TaskId,
) -> PosixTimer {
    let counts = state.armed || state.waiting;
    let flags = [
        (state.armed, POSIX_TIMER_ARMED),
        (state.waiting, POSIX_TIMER_WAITING),
        (state.relative, POSIX_TIMER_RELATIVE),
        (state.names_task, POSIX_TIMER_NAMES_TASK),
    ];
    let flags = flags
        .iter()
        .fold(0, |all, (is, flag)| if *is { all | flag } else { all });
    let expires = match (counts, ahead(state, &task.namespaces)) {
        (true, Some(ahead)) if state.expires != NEVER => state.expires.saturating_add(ahead),
        (true, _) => state.expires,
        (false, _) => 0,
    };
    PosixTimer {
        task: task.id,
        id: U32::new(state.id as u32),
        clock: I32::new(state.clock),
        clock_task,
        notify: U32::new(state.notify as u32),
        signal: I32::new(state.signal),
        target,
        flags: U32::new(flags),
        value: U64::new(state.value),
        expires_ns: I64::new(expires),
        interval_ns: U64::new(state.interval as u64),
        overruns: I64::new(state.overruns),
        last_overruns: I64::new(state.last_overruns),
    }
}

/// KTIME_MAX, which times out of reach are cut to.
const NEVER: i64 = i64::MAX;

/// What the clock that the timer counts on is ahead of the host's; CPU time is nobody's but its own.
fn ahead(state: &TimerState, namespaces: &Namespaces) -> Option<i64> {
    let clock = if state.relative {
        MONOTONIC
    } else {
        state.clock
    };
    offset(clock, namespaces)
}

/// What an image says of the timers of a process.
#[derive(Default)]
pub(crate) struct TimersPlan {
    pub(crate) interval: [Option<KVBox<IntervalTimer>>; INTERVAL_TIMERS],
    pub(crate) common: Option<KVBox<PosixTimers>>,
    pub(crate) posix: KVVec<PosixTimer>,
}

/// Timers that have been created and wait for the start.
pub(crate) struct Ready {
    interval: [IntervalState; INTERVAL_TIMERS],
    timers: KVVec<(Timer, TimerState)>,
    /// Ids, and where the timer is in `timers`; in ascending order.
    ids: KVVec<(u32, usize)>,
    next_id: u32,
    chosen_ids: bool,
}

fn impossible(name: &'static str, value: u32) -> Refusal {
    let refusal = Refusal::new(Reason::ImageValue, EINVAL);
    refusal.name(name).value(value.into())
}

/// Creates the timers of the caller's process, whose members these are. Their signals will count for
/// `owner`, up to `limit`. `number_of`: the pid that a member has now.
pub(crate) fn prepare(
    plan: &TimersPlan,
    process: &[TaskPlan],
    owner: &Prepared,
    limit: u64,
    number_of: impl Fn(TaskId) -> Option<i32>,
) -> Result<Ready, Refusal> {
    timers::drop_all();
    let here = namespaces::of(&task::current())?;
    let mut ready = Ready {
        interval: Default::default(),
        timers: KVVec::new(),
        ids: KVVec::new(),
        next_id: 0,
        chosen_ids: false,
    };
    for (which, (state, record)) in ready.interval.iter_mut().zip(&plan.interval).enumerate() {
        if let Some(record) = record {
            *state = interval_state(which, record, &here);
        }
    }
    for record in plan.posix.iter() {
        let mut state = posix_state(record, &here);
        let number =
            |name, member: TaskId| number_of(member).ok_or_else(|| impossible(name, member.get()));
        if record.counts_cpu_time() {
            state.clock_nr = number("clock_task", record.clock_task)?;
        }
        state.target_nr = number("target", record.target)?;
        let timer = Timer::new(&state, owner, limit).map_err(|error| {
            if error == EPERM {
                Refusal::new(Reason::RestoreNotPermitted, error).name("a timer on an alarm clock")
            } else {
                Refusal::new(Reason::StateNotRestored, error).name("a POSIX timer")
            }
        })?;
        let place = (record.id.get(), ready.timers.len());
        ready.ids.push(place, GFP_KERNEL_ACCOUNT)?;
        ready.timers.push((timer, state), GFP_KERNEL_ACCOUNT)?;
    }
    sort::values(&mut ready.ids);
    let pending = process.iter().flat_map(|thread| thread.pending.iter());
    ready.check_signals(&plan.posix, pending)?;
    if let Some(common) = &plan.common {
        ready.next_id = common.next_id.get();
        ready.chosen_ids = common.flags.get() & POSIX_TIMERS_CHOSEN_IDS != 0;
    }
    Ok(ready)
}

fn interval_state(which: usize, record: &IntervalTimer, here: &Namespaces) -> IntervalState {
    let expires = record.expires_ns.get();
    let fired = record.flags.get() & INTERVAL_TIMER_FIRED != 0;
    IntervalState {
        expires: if which == REAL {
            (expires as i64).saturating_sub(here.monotonic_offset) as u64
        } else {
            expires
        },
        interval: record.interval_ns.get(),
        armed: expires != 0 && !fired,
    }
}

fn posix_state(record: &PosixTimer, here: &Namespaces) -> TimerState {
    let has = |flag: u32| record.flags.get() & flag != 0;
    let mut state = TimerState {
        id: record.id.get() as i32,
        clock: record.clock.get(),
        notify: record.notify.get() as i32,
        signal: record.signal.get(),
        names_task: has(POSIX_TIMER_NAMES_TASK),
        armed: has(POSIX_TIMER_ARMED),
        waiting: has(POSIX_TIMER_WAITING),
        relative: has(POSIX_TIMER_RELATIVE),
        value: record.value.get(),
        expires: record.expires_ns.get(),
        interval: record.interval_ns.get() as i64,
        overruns: record.overruns.get(),
        last_overruns: record.last_overruns.get(),
        ..TimerState::default()
    };
    if let (Some(ahead), true) = (ahead(&state, here), state.expires != NEVER) {
        state.expires = state.expires.saturating_sub(ahead);
    }
    state
}

impl Ready {
    fn find(&self, id: u32) -> Option<usize> {
        let found = self.ids.binary_search_by_key(&id, |(known, _)| *known);
        self.ids.get(found.ok()?).map(|(_, place)| *place)
    }

    /// Every queued signal of a timer fits the timer, and every timer that waits for its signal
    /// has one.
    fn check_signals<'a>(
        &self,
        records: &[PosixTimer],
        pending: impl Iterator<Item = &'a PendingSignal>,
    ) -> Result<(), Refusal> {
        let mut seen = KVVec::from_elem(false, records.len(), GFP_KERNEL_ACCOUNT)?;
        let mut waiting = records.iter().filter(|record| waits(record)).count();
        for signal in pending {
            let Some(id) = signal.timer().filter(|_| !signal.has(PENDING_DELETED)) else {
                continue;
            };
            let wrong = || impossible("si_timerid", id);
            let place = self.find(id).ok_or_else(wrong)?;
            let timer = records.get(place).ok_or_else(wrong)?;
            let seen = seen.get_mut(place).ok_or_else(wrong)?;
            if *seen || !fits(signal, timer) {
                return Err(wrong());
            }
            *seen = true;
            if waits(timer) {
                waiting = waiting.saturating_sub(1);
            }
        }
        if waiting != 0 {
            return Err(impossible("flags", POSIX_TIMER_WAITING));
        }
        Ok(())
    }

    /// Puts the signal of a timer where it was. The record has been checked.
    pub(crate) fn fired(&self, record: &PendingSignal) -> Result {
        let mut queued = signal::queued(&record.siginfo)?;
        queued.shared = record.has(PENDING_SHARED);
        if record.has(PENDING_DELETED) {
            return timers::queue_of_deleted(&queued);
        }
        queued.stale = record.has(PENDING_STALE);
        queued.periodic = record.has(PENDING_PERIODIC);
        queued.ignored = record.has(PENDING_IGNORED);
        let place = record.timer().and_then(|id| self.find(id)).ok_or(EINVAL)?;
        let (timer, _) = self.timers.get(place).ok_or(EINVAL)?;
        timer.fired(&queued);
        Ok(())
    }

    /// Starts all of them: the last that the caller, who has created them, does. Cannot fail.
    pub(crate) fn start(&self) {
        timers::start_interval_timers(&self.interval);
        for (timer, state) in self.timers.iter() {
            timer.start(state);
        }
        timers::set_ids(self.next_id, self.chosen_ids);
    }
}

fn waits(timer: &PosixTimer) -> bool {
    timer.flags.get() & POSIX_TIMER_WAITING != 0
}

/// Can this timer have sent this signal, and be as it is?
fn fits(signal: &PendingSignal, timer: &PosixTimer) -> bool {
    let armed = timer.flags.get() & POSIX_TIMER_ARMED != 0;
    let repeats = timer.interval_ns.get() != 0;
    let state_fits = if signal.has(PENDING_STALE) {
        !waits(timer)
    } else {
        !armed && waits(timer) == repeats && signal.has(PENDING_PERIODIC) == repeats
    };
    state_fits
        && signal.task
            == if timer.is_for_thread() {
                timer.target
            } else {
                timer.task
            }
        && !timer.is_silent()
        && signal.number() == timer.signal.get()
        && signal.has(PENDING_SHARED) != timer.is_for_thread()
}

#[kunit_tests(checkpoint_timers)]
mod tests {
    use zerocopy::FromZeros;

    use super::*;
    use crate::format::signals::PENDING_TIMER;
    use crate::format::TaskId;

    /// A periodic timer that waits for SIGALRM to be taken, and that signal.
    fn waiting() -> (PendingSignal, PosixTimer) {
        let mut timer = PosixTimer::new_zeroed();
        timer.signal = I32::new(14);
        timer.interval_ns = U64::new(1000);
        timer.flags = U32::new(POSIX_TIMER_WAITING);
        let mut signal = PendingSignal::new_zeroed();
        signal.siginfo = signal::without_entry(14);
        signal.flags = U32::new(PENDING_SHARED | PENDING_TIMER | PENDING_PERIODIC);
        (signal, timer)
    }

    fn fits_with(change: impl Fn(&mut PendingSignal, &mut PosixTimer)) -> bool {
        let (mut signal, mut timer) = waiting();
        change(&mut signal, &mut timer);
        fits(&signal, &timer)
    }

    #[test]
    fn signals_that_the_timer_cannot_have_sent_do_not_fit() {
        assert!(fits_with(|_, _| ()));
        assert!(!fits_with(|_, timer| timer.signal = I32::new(15)));
        assert!(!fits_with(|_, timer| timer.notify = U32::new(1)));
        assert!(!fits_with(|_, timer| timer.notify = U32::new(4)));
        assert!(!fits_with(|signal, _| signal.task = TaskId::new(1)));
        let once = U32::new(PENDING_SHARED | PENDING_TIMER);
        let none = U32::ZERO;
        assert!(!fits_with(|_, timer| timer.interval_ns = U64::ZERO));
        assert!(!fits_with(|signal, timer| {
            (signal.flags, timer.flags) = (once, none);
        }));
        assert!(fits_with(|signal, timer| {
            (signal.flags, timer.flags) = (once, none);
            timer.interval_ns = U64::ZERO;
        }));
    }

    #[test]
    fn a_timer_does_not_count_down_while_its_signal_is_queued() {
        let armed = U32::new(POSIX_TIMER_ARMED);
        assert!(!fits_with(|_, timer| timer.flags = armed));
        let stale = U32::new(PENDING_SHARED | PENDING_TIMER | PENDING_STALE);
        assert!(!fits_with(|signal, _| signal.flags = stale));
        assert!(fits_with(|signal, timer| {
            signal.flags = stale;
            timer.flags = armed;
        }));
    }

    #[test]
    fn expiries_are_moved_with_the_clock_they_are_on() {
        let here = Namespaces {
            monotonic_offset: 100,
            boottime_offset: 1000,
            ..Namespaces::default()
        };
        let expires = |clock: i32, flags: u32, expires: i64| {
            let mut timer = PosixTimer::new_zeroed();
            timer.clock = I32::new(clock);
            timer.clock_task = TaskId::OUTSIDE;
            timer.flags = U32::new(flags | POSIX_TIMER_ARMED);
            timer.expires_ns = I64::new(expires);
            posix_state(&timer, &here).expires
        };
        assert_eq!(expires(1, 0, 5000), 4900);
        assert_eq!(expires(7, 0, 5000), 4000);
        assert_eq!(expires(9, 0, 5000), 4000);
        assert_eq!(expires(0, 0, 5000), 5000);
        assert_eq!(expires(0, POSIX_TIMER_RELATIVE, 5000), 4900);
        assert_eq!(expires(-6, 0, 5000), 5000);
        assert_eq!(expires(1, 0, NEVER), NEVER);
    }
}
