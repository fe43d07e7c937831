// SPDX-License-Identifier: GPL-2.0

//! Signals: actions, and what is queued.
//!
//! Saves: the 64 actions of a process; queued signals of the thread and of the process, with their
//! siginfo, in their order. The masks are in `thread`.
//! Refuses: a queued signal that belongs to a timer; SIGKILL.
//! Locks: siglock, inside one call of the glue.

use kernel::prelude::*;
use zerocopy::little_endian::{U32, U64};

use crate::abstractions::signal::{self, Action};
use crate::capture::{Capture, FrozenTask};
use crate::format::reason::Reason;
use crate::format::signals::{PendingSignal, SignalAction, SignalActions, PENDING_SHARED, SIGNALS};
use crate::format::ObjectId;
use crate::log::Refusal;

/// SIGKILL and SIGSTOP, whose action is not the program's to choose.
const UNCHANGEABLE: [usize; 2] = [9, 19];

/// Describes the actions of a process.
pub(crate) fn capture_actions(task: &FrozenTask, out: &mut Capture<'_>) -> Result<ObjectId> {
    let signals = signal::of(&task.task)?;
    let id = out.new_object()?;
    let mut record = zeroed_actions()?;
    record.id = id;
    for (to, from) in record.actions.iter_mut().zip(signals.actions.iter()) {
        to.handler = U64::new(from.handler);
        to.flags = U64::new(from.flags);
        to.restorer = U64::new(from.restorer);
        to.mask = U64::new(from.mask);
    }
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
        },
        GFP_KERNEL,
    )?)
}

/// Describes what is queued for a thread, or for its process.
pub(crate) fn capture_pending(task: &FrozenTask, shared: bool, out: &mut Capture<'_>) -> Result {
    let signals = signal::of(&task.task)?;
    let mut unseen = if shared {
        signals.shared_pending
    } else {
        signals.pending
    };
    let mut index = 0;
    while let Some(queued) = signal::queued(&task.task, shared, index)? {
        index = index.saturating_add(1);
        let number = queued.number();
        unseen &= !bit(number);
        if !queued.is_ordinary() {
            out.refuse(
                task.refusal(Reason::TaskSignalPending)
                    .value(u64::from(number)),
            );
            continue;
        }
        record_pending(task, shared, queued.to_bytes(), out)?;
    }
    // A signal may be pending without an entry: the kernel had no memory for its siginfo.
    for number in (1..=64).filter(|number| unseen & bit(*number) != 0) {
        record_pending(task, shared, signal::without_entry(number), out)?;
    }
    Ok(())
}

fn record_pending(
    task: &FrozenTask,
    shared: bool,
    siginfo: [u8; 128],
    out: &mut Capture<'_>,
) -> Result {
    out.record(
        &PendingSignal {
            task: task.id,
            flags: U32::new(if shared { PENDING_SHARED } else { 0 }),
            siginfo,
        },
        &[],
    )
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

/// Queues what was queued, in place of whatever came meanwhile. Actions and masks are in place.
pub(crate) fn restore_pending(records: &[PendingSignal]) -> Result<(), Refusal> {
    signal::clear_pending();
    for record in records {
        let shared = record.flags.get() & PENDING_SHARED != 0;
        signal::queue(&record.siginfo, shared).map_err(|error| {
            Refusal::new(Reason::StateNotRestored, error).name("a queued signal")
        })?;
    }
    Ok(())
}
