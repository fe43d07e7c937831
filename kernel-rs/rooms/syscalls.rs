// SPDX-License-Identifier: GPL-2.0

//! System calls that were interrupted and remember how to go on.
//!
//! Saves: sleeps and waits with their deadline, on the container's clock or on the CPU time of the
//! process. Calls that are simply made again (read, ppoll, ...) need nothing but registers; those on
//! sockets with a timeout are made again and remember their deadline all the same. SYSCALLS.md
//! lists which calls do what.
//! Refuses: sleeping on the CPU time of another process, and ways to go on that are not in the table.
//! Needs, at restart: CAP_WAKE_ALARM for a sleep on an alarm clock.
//! Locks: none; the thread does not run.

use kernel::prelude::*;
use zerocopy::little_endian::{I32, I64, U32, U64};

use crate::abstractions::namespaces::{self, Namespaces};
use crate::abstractions::signal::{self, resume, Interrupted};
use crate::abstractions::task;
use crate::capture::{Capture, FrozenTask};
use crate::format::reason::Reason;
use crate::format::syscalls::{
    InterruptedSyscall, INTERRUPTED_COMPAT, INTERRUPTED_HAS_DEADLINE, INTERRUPTED_REMAINDER_COMPAT,
    INTERRUPTED_REMAINDER_NATIVE, RESUME_ALARM_NANOSLEEP, RESUME_CPU_NANOSLEEP, RESUME_EPOLL_PWAIT,
    RESUME_EPOLL_WAIT, RESUME_FUTEX, RESUME_IO_GETEVENTS, RESUME_IO_PGETEVENTS, RESUME_NANOSLEEP,
    RESUME_POLL, RESUME_SEMTIMEDOP, RESUME_SIGTIMEDWAIT, RESUME_SOCKET,
};
use crate::log::Refusal;
use crate::rooms::cpu::{self, WayBack};

/// Clocks, as users number them.
const REALTIME: i32 = 0;
pub(crate) const MONOTONIC: i32 = 1;
const BOOTTIME: i32 = 7;
const REALTIME_ALARM: i32 = 8;
const BOOTTIME_ALARM: i32 = 9;
const TAI: i32 = 11;
/// CPU time of the calling process: user and system, user, scheduled.
const CPU_TIME: [i32; 3] = [-8, -7, -6];

/// What a clock of the container is ahead of the host's: a time namespace moves some.
pub(crate) fn offset(clock: i32, namespaces: &Namespaces) -> Option<i64> {
    match clock {
        MONOTONIC => Some(namespaces.monotonic_offset),
        BOOTTIME | BOOTTIME_ALARM => Some(namespaces.boottime_offset),
        REALTIME | REALTIME_ALARM | TAI => Some(0),
        _ => None,
    }
}

/// A way to go on.
struct Way {
    /// Its number here.
    here: u32,
    /// Its number in the image.
    what: u32,
    /// The clocks that its deadline may be on.
    clocks: &'static [i32],
}

impl Way {
    const fn new(here: u32, what: u32, clocks: &'static [i32]) -> Self {
        Self { here, what, clocks }
    }

    /// What the container's clock is ahead of the host's, if it is one of this way's clocks.
    fn ahead(&self, clock: i32, namespaces: &Namespaces) -> Option<i64> {
        if !self.clocks.contains(&clock) {
            return None;
        }
        // CPU time is nobody's but its own.
        let is_cpu_time = CPU_TIME.contains(&clock).then_some(0);
        is_cpu_time.or_else(|| offset(clock, namespaces))
    }
}

/// Every way that can be saved.
const WAYS: [Way; 12] = [
    Way::new(
        resume::NANOSLEEP,
        RESUME_NANOSLEEP,
        &[REALTIME, MONOTONIC, BOOTTIME, TAI],
    ),
    Way::new(
        resume::ALARM_NANOSLEEP,
        RESUME_ALARM_NANOSLEEP,
        &[REALTIME_ALARM, BOOTTIME_ALARM],
    ),
    Way::new(resume::CPU_NANOSLEEP, RESUME_CPU_NANOSLEEP, &CPU_TIME),
    Way::new(resume::FUTEX, RESUME_FUTEX, &[REALTIME, MONOTONIC]),
    Way::new(resume::POLL, RESUME_POLL, &[MONOTONIC]),
    Way::new(resume::SIGTIMEDWAIT, RESUME_SIGTIMEDWAIT, &[MONOTONIC]),
    Way::new(resume::EPOLL_WAIT, RESUME_EPOLL_WAIT, &[MONOTONIC]),
    Way::new(resume::EPOLL_PWAIT, RESUME_EPOLL_PWAIT, &[MONOTONIC]),
    Way::new(resume::SEMTIMEDOP, RESUME_SEMTIMEDOP, &[MONOTONIC]),
    Way::new(resume::IO_GETEVENTS, RESUME_IO_GETEVENTS, &[MONOTONIC]),
    Way::new(resume::IO_PGETEVENTS, RESUME_IO_PGETEVENTS, &[MONOTONIC]),
    Way::new(resume::SOCKET, RESUME_SOCKET, &[MONOTONIC]),
];
/// A CPU-time clock without the number of the process that it is about, if that is `process`.
fn anonymous(clock: i32, process: i32) -> i32 {
    let (number, which) = (!(clock >> 3), clock & 7);
    if clock < 0 && number == process {
        which | !7
    } else {
        clock
    }
}

/// Describes how the thread's system call goes on, if it is in one that remembers.
pub(crate) fn capture(task: &FrozenTask, out: &mut Capture<'_>) -> Result {
    let state = signal::interrupted(&task.task);
    let is_kept = match cpu::way_back(task)? {
        None => false,
        Some(WayBack::Resumed) => true,
        // What remains of an earlier call is nothing that this one goes on with.
        Some(WayBack::MadeAgain) => state.what == resume::SOCKET,
    };
    if !is_kept {
        return Ok(());
    }
    let clock = anonymous(state.clock, task::job(&task.task).pid);
    let way = WAYS.iter().find(|way| way.here == state.what);
    let ahead = way.and_then(|way| way.ahead(clock, &task.namespaces));
    let (Some(way), Some(ahead)) = (way, ahead) else {
        out.refuse(
            task.refusal(Reason::TaskSyscall)
                .name("it goes on in a way that is not known, or on another's CPU time"),
        );
        return Ok(());
    };
    let options = [
        (state.has_deadline, INTERRUPTED_HAS_DEADLINE),
        (state.remainder_native, INTERRUPTED_REMAINDER_NATIVE),
        (state.remainder_compat, INTERRUPTED_REMAINDER_COMPAT),
        (state.compat, INTERRUPTED_COMPAT),
    ];
    let options = options
        .iter()
        .fold(0, |all, (is, flag)| if *is { all | flag } else { all });
    let deadline = if state.has_deadline {
        state.deadline.saturating_add(ahead)
    } else {
        0
    };
    out.record(
        &InterruptedSyscall {
            task: task.id,
            what: U32::new(way.what),
            clock: I32::new(clock),
            flags: U32::new(state.flags),
            deadline_ns: I64::new(deadline),
            address: U64::new(state.address),
            value: U32::new(state.value),
            bitset: U32::new(state.bitset),
            options: U32::new(options),
            least: U32::new(state.least),
            object: U64::new(state.object),
            mask: U64::new(state.mask),
        },
        &[],
    )
}

/// Makes the caller's system call go on so; none: there is nothing to go on with.
pub(crate) fn restore(record: Option<&InterruptedSyscall>) -> Result<(), Refusal> {
    let Some(record) = record else {
        return Ok(signal::set_interrupted(&Interrupted::default())?);
    };
    let value = |name| Refusal::new(Reason::ImageValue, EINVAL).name(name);
    let way = WAYS.iter().find(|way| way.what == record.what.get());
    let way = way.ok_or_else(|| value("what"))?;
    let namespaces = namespaces::of(&task::current())?;
    let ahead = way.ahead(record.clock.get(), &namespaces);
    let ahead = ahead.ok_or_else(|| value("clock"))?;
    let options = record.options.get();
    let state = Interrupted {
        what: way.here,
        clock: record.clock.get(),
        flags: record.flags.get(),
        deadline: record.deadline_ns.get().saturating_sub(ahead).max(0),
        address: record.address.get(),
        value: record.value.get(),
        bitset: record.bitset.get(),
        least: record.least.get(),
        object: record.object.get(),
        mask: record.mask.get(),
        has_deadline: options & INTERRUPTED_HAS_DEADLINE != 0,
        remainder_native: options & INTERRUPTED_REMAINDER_NATIVE != 0,
        remainder_compat: options & INTERRUPTED_REMAINDER_COMPAT != 0,
        compat: options & INTERRUPTED_COMPAT != 0,
    };
    signal::set_interrupted(&state)
        .map_err(|error| Refusal::new(Reason::StateNotRestored, error).name("how its call goes on"))
}
