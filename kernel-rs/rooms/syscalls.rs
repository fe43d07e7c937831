// SPDX-License-Identifier: GPL-2.0

//! System calls that were interrupted and remember how to go on.
//!
//! Saves: nanosleep, poll and futex waits with their deadline, on the container's clock. Calls
//! that are simply made again (read, ppoll, ...) need nothing but registers.
//! Refuses: sleeping on a CPU-time clock, and ways to go on that are not in the table.
//! Locks: none; the thread does not run.

use kernel::bindings;
use kernel::prelude::*;
use zerocopy::little_endian::{I32, I64, U32, U64};

use crate::abstractions::namespaces::{self, Namespaces};
use crate::abstractions::signal::{self, Interrupted};
use crate::abstractions::task;
use crate::capture::{Capture, FrozenTask};
use crate::format::reason::Reason;
use crate::format::syscalls::{
    InterruptedSyscall, INTERRUPTED_HAS_DEADLINE, INTERRUPTED_REMAINDER_COMPAT,
    INTERRUPTED_REMAINDER_NATIVE, RESUME_ALARM_NANOSLEEP, RESUME_FUTEX, RESUME_NANOSLEEP,
    RESUME_POLL,
};
use crate::log::Refusal;
use crate::rooms::cpu;

/// CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_BOOTTIME_ALARM: the clocks that a time namespace moves.
const MONOTONIC: i32 = 1;
const BOOTTIME: [i32; 2] = [7, 9];
/// Clocks that it does not move: CLOCK_REALTIME, CLOCK_REALTIME_ALARM, CLOCK_TAI.
const WALL: [i32; 3] = [0, 8, 11];

/// Number here, number in the image.
const WAYS: [(u32, u32); 4] = [
    (
        bindings::ckpt_resume_CKPT_RESUME_NANOSLEEP,
        RESUME_NANOSLEEP,
    ),
    (bindings::ckpt_resume_CKPT_RESUME_POLL, RESUME_POLL),
    (bindings::ckpt_resume_CKPT_RESUME_FUTEX, RESUME_FUTEX),
    (
        bindings::ckpt_resume_CKPT_RESUME_ALARM_NANOSLEEP,
        RESUME_ALARM_NANOSLEEP,
    ),
];

/// What a clock of the container is ahead of the host's.
fn offset(clock: i32, namespaces: &Namespaces) -> Option<i64> {
    if clock == MONOTONIC {
        Some(namespaces.monotonic_offset)
    } else if BOOTTIME.contains(&clock) {
        Some(namespaces.boottime_offset)
    } else if WALL.contains(&clock) {
        Some(0)
    } else {
        None
    }
}

/// Describes how the thread's system call goes on, if it is in one that remembers.
pub(crate) fn capture(task: &FrozenTask, out: &mut Capture<'_>) -> Result {
    if !cpu::will_resume(task)? {
        return Ok(());
    }
    let state = signal::interrupted(&task.task);
    let way = WAYS.iter().find(|(here, _)| *here == state.what);
    let (Some((_, what)), Some(ahead)) = (way, offset(state.clock, &task.namespaces)) else {
        out.refuse(
            task.refusal(Reason::TaskSyscall)
                .name("it goes on in a way that is not known, or on a CPU-time clock"),
        );
        return Ok(());
    };
    let options = [
        (state.has_deadline, INTERRUPTED_HAS_DEADLINE),
        (state.remainder_native, INTERRUPTED_REMAINDER_NATIVE),
        (state.remainder_compat, INTERRUPTED_REMAINDER_COMPAT),
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
            what: U32::new(*what),
            clock: I32::new(state.clock),
            flags: U32::new(state.flags),
            deadline_ns: I64::new(deadline),
            address: U64::new(state.address),
            value: U32::new(state.value),
            bitset: U32::new(state.bitset),
            options: U32::new(options),
            reserved: U32::ZERO,
        },
        &[],
    )
}

/// Makes the caller's next restart_syscall(2) go on so; none: there is nothing to go on with.
pub(crate) fn restore(record: Option<&InterruptedSyscall>) -> Result<(), Refusal> {
    let Some(record) = record else {
        return Ok(signal::set_interrupted(&Interrupted::default())?);
    };
    let value = |name| Refusal::new(Reason::ImageValue, EINVAL).name(name);
    let way = WAYS.iter().find(|(_, what)| *what == record.what.get());
    let (here, _) = way.ok_or_else(|| value("what"))?;
    let namespaces = namespaces::of(&task::current())?;
    let ahead = offset(record.clock.get(), &namespaces).ok_or_else(|| value("clock"))?;
    let options = record.options.get();
    let state = Interrupted {
        what: *here,
        clock: record.clock.get(),
        flags: record.flags.get(),
        deadline: record.deadline_ns.get().saturating_sub(ahead).max(0),
        address: record.address.get(),
        value: record.value.get(),
        bitset: record.bitset.get(),
        has_deadline: options & INTERRUPTED_HAS_DEADLINE != 0,
        remainder_native: options & INTERRUPTED_REMAINDER_NATIVE != 0,
        remainder_compat: options & INTERRUPTED_REMAINDER_COMPAT != 0,
    };
    Ok(signal::set_interrupted(&state)?)
}
