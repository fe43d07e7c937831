// SPDX-License-Identifier: GPL-2.0

//! Signals: actions, and what is queued.
//!
//! Saves: the 64 actions of a process; queued signals of the thread and of the process, with their
//! siginfo, in their order; those of POSIX timers with what ties them to their timer, and those of which
//! only the number is left. The masks are in `thread`.
//! Refuses: SIGKILL; a signal that the kernel forces on the process, to end it.
//! Restores: the queues as they were, whatever is blocked or ignored. What their user may have queued
//! is checked against the limit of the image or that of the restarter, whichever is higher: he could
//! have queued them first and lowered his limit then.
//! Locks: siglock, inside one call of the glue.

use kernel::prelude::*;
use zerocopy::little_endian::{U32, U64};

use crate::abstractions::family::Shared;
use crate::abstractions::signal::{self, Action, Queued, SIGINFO};
use crate::abstractions::timers::Moment;
use crate::capture::{Capture, FrozenTask, Waiting};
use crate::format::reason::Reason;
use crate::format::signals::{
    PendingSignal, SignalAction, SignalActions, PENDING_DELETED, PENDING_IGNORED, PENDING_PERIODIC,
    PENDING_SHARED, PENDING_STALE, PENDING_TIMER, PENDING_WITHOUT_ENTRY, SIGNALS,
};
use crate::format::ObjectId;
use crate::log::Refusal;
use crate::rooms::timers;

/// SIGKILL and SIGSTOP, whose action is not the program's to choose.
const UNCHANGEABLE: [usize; 2] = [9, 19];

/// SA_IMMUTABLE: set when a signal is forced that will end the process.
const FORCED: u64 = 0x0080_0000;

/// Describes the actions of a process.
pub(crate) fn capture_actions(task: &FrozenTask, out: &mut Capture<'_>) -> Result<ObjectId> {
    let (shared, _) = Shared::SignalActions.of(&task.task).ok_or(ESRCH)?;
    let (id, is_new) = out.object(shared)?;
    if !is_new {
        return Ok(id);
    }
    let actions = signal::actions(&task.task)?;
    let mut record = zeroed_actions()?;
    record.id = id;
    if actions.iter().any(|action| action.flags & FORCED != 0) {
        out.refuse(task.refusal(Reason::TaskDying));
    }
    for (to, from) in record.actions.iter_mut().zip(actions.iter()) {
        to.handler = U64::new(from.handler);
        to.flags = U64::new(from.flags);
        to.restorer = U64::new(from.restorer);
        to.mask = U64::new(from.mask);
    }
    let by_compat = (1..).zip(actions.iter()).filter(|(_, from)| from.compat);
    record.compat = U64::new(by_compat.fold(0, |all, (number, _)| all | bit(number)));
    out.record(&*record, &[])?;
    Ok(id)
}

fn zeroed_actions() -> Result<KBox<SignalActions>> {
    let empty = SignalAction {
        handler: U64::ZERO,
        flags: U64::ZERO,
        restorer: U64::ZERO,
        mask: U64::ZERO,
    };
    Ok(KBox::new(
        SignalActions {
            id: ObjectId::NONE,
            reserved: U32::ZERO,
            actions: [empty; SIGNALS],
            compat: U64::ZERO,
        },
        GFP_KERNEL,
    )?)
}

/// Describes what is queued for the thread at this place among those of its process, and with the
/// first of them what is queued for the process. After `timers`.
pub(crate) fn capture_pending(
    task: &FrozenTask,
    place: usize,
    moment: &Moment,
    out: &mut Capture<'_>,
) -> Result {
    let is_first = place == 0;
    let own = |queued: &&Queued| match queued.shared {
        true => is_first,
        false => queued.thread as usize == place && !task.ended,
    };
    for queued in moment
        .queue
        .iter()
        .filter(own)
        .filter(|queued| !queued.ignored)
    {
        record_pending(task, flags(queued), signal::siginfo(queued), out)?;
    }
    // The kernel puts the next one in front of those that it has put aside.
    for queued in moment
        .queue
        .iter()
        .rev()
        .filter(own)
        .filter(|queued| queued.ignored)
    {
        record_pending(task, flags(queued), signal::siginfo(queued), out)?;
    }
    let pending = match task.ended {
        true => 0,
        false => moment.pending.get(place).copied().unwrap_or(0),
    };
    let shared_pending = if is_first { moment.shared_pending } else { 0 };
    for (shared, pending) in [(false, pending), (true, shared_pending)] {
        let mut unseen = pending;
        let seen = moment
            .queue
            .iter()
            .filter(own)
            .filter(|queued| !queued.ignored);
        for queued in seen.filter(|queued| queued.shared == shared) {
            unseen &= !bit(signal::number(queued));
        }
        // A signal may be pending without an entry: the queue was full, or the kernel out of memory.
        let flags = PENDING_WITHOUT_ENTRY | if shared { PENDING_SHARED } else { 0 };
        for number in (1..=64).filter(|number| unseen & bit(*number) != 0) {
            record_pending(task, flags, signal::without_entry(number), out)?;
        }
    }
    Ok(())
}

fn flags(queued: &Queued) -> u32 {
    let flags = [
        (queued.shared, PENDING_SHARED),
        (queued.timer, PENDING_TIMER),
        (queued.stale && !queued.deleted, PENDING_STALE),
        (queued.periodic, PENDING_PERIODIC),
        (queued.ignored, PENDING_IGNORED),
        (queued.deleted, PENDING_DELETED),
    ];
    flags
        .iter()
        .fold(0, |all, (is, flag)| if *is { all | flag } else { all })
}

fn record_pending(
    task: &FrozenTask,
    flags: u32,
    siginfo: [u8; SIGINFO],
    out: &mut Capture<'_>,
) -> Result {
    let record = PendingSignal {
        task: task.id,
        flags: U32::new(flags),
        siginfo,
    };
    match record.comes_by_itself() {
        true => out.record(&record, &[]),
        false => out.record_waiting(Waiting::Signal, &record, &[]),
    }
}

fn bit(number: u32) -> u64 {
    1u64.checked_shl(number.wrapping_sub(1)).unwrap_or(0)
}

/// Turns a record into what the kernel takes.
pub(crate) fn prepare(record: &SignalActions) -> Result<KVVec<Action>, Refusal> {
    /// What rt_sigaction(2) would let through on this architecture.
    const FLAGS: u64 = 0x1
        | 0x2
        | 0x4
        | 0x800
        | 0x0400_0000
        | 0x0800_0000
        | 0x1000_0000
        | 0x4000_0000
        | 0x8000_0000;
    let mut actions = KVVec::new();
    for (index, from) in record.actions.iter().enumerate() {
        let number = index.saturating_add(1);
        let is_default = from.handler.get() == 0 && from.flags.get() == 0;
        if UNCHANGEABLE.contains(&number) && !is_default || from.flags.get() & !FLAGS != 0 {
            return Err(Refusal::new(Reason::ImageValue, EINVAL)
                .name("actions")
                .value(number as u64));
        }
        actions.push(
            Action {
                handler: from.handler.get(),
                flags: from.flags.get(),
                restorer: from.restorer.get(),
                // Nobody can block SIGKILL or SIGSTOP.
                mask: from.mask.get() & !(bit(9) | bit(19)),
                compat: record.compat.get() & bit(number as u32) != 0,
            },
            GFP_KERNEL,
        )?;
    }
    Ok(actions)
}

/// Takes the actions on.
pub(crate) fn commit(actions: &[Action]) -> Result<(), Refusal> {
    let actions = <&[Action; SIGNALS]>::try_from(actions).map_err(|_| EINVAL)?;
    signal::set_actions(actions);
    Ok(())
}

/// Queues what was queued for the caller, and with the process if it is the first of its threads to
/// do so, in place of whatever came meanwhile. The credentials are in place: they say whose signals
/// these are.
pub(crate) fn restore_pending<'a>(
    records: impl Iterator<Item = &'a PendingSignal>,
    with_process: bool,
    limit: u64,
    timers: &timers::Ready,
) -> Result<(), Refusal> {
    signal::clear_pending(with_process);
    for record in records {
        let shared = record.has(PENDING_SHARED);
        let result = if record.timer().is_some() {
            timers.fired(record)
        } else if record.has(PENDING_WITHOUT_ENTRY) {
            signal::restore_bare(record.number(), shared)
        } else {
            signal::restore_queued(&record.siginfo, shared, limit)
        };
        result.map_err(|error| {
            let name = match error {
                EAGAIN => "a queued signal: more than RLIMIT_SIGPENDING allows",
                _ => "a queued signal",
            };
            Refusal::new(Reason::StateNotRestored, error).name(name)
        })?;
    }
    Ok(())
}
