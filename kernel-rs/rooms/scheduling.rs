// SPDX-License-Identifier: GPL-2.0

//! Scheduling: policy, nice, real-time priority, I/O priority, affinity.
//!
//! Refuses: SCHED_DEADLINE and SCHED_EXT, whose parameters are not read yet; utilisation clamps
//! and core scheduling (see `thread`).
//! Needs, at restart: what sched_setattr(2), ioprio_set(2) and sched_setaffinity(2) ask for.
//! Locks: those of the scheduler, inside its own functions.

use kernel::prelude::*;
use zerocopy::little_endian::{I32, U16, U32, U64};

use crate::abstractions::task::{self, SchedulingState};
use crate::capture::{Capture, FrozenTask};
use crate::format::reason::Reason;
use crate::format::task::Scheduling;
use crate::log::Refusal;

/// SCHED_NORMAL, SCHED_FIFO, SCHED_RR, SCHED_BATCH, SCHED_IDLE.
const POLICIES: [u32; 5] = [0, 1, 2, 3, 5];

/// SCHED_FLAG_RESET_ON_FORK, the only flag that is kept.
const RESET_ON_FORK: u64 = 1;

/// Describes how a thread is scheduled.
pub(crate) fn capture(task: &FrozenTask, out: &mut Capture<'_>) -> Result {
    let (state, mask, used) = task::scheduling(&task.task);
    if !POLICIES.contains(&state.policy) {
        out.refuse(
            task.refusal(Reason::TaskScheduling)
                .value(state.policy.into()),
        );
    }
    out.record(
        &Scheduling {
            task: task.id,
            policy: U32::new(state.policy),
            flags: U64::new(state.flags),
            nice: I32::new(state.nice),
            priority: U32::new(state.priority),
            io_priority: U16::new(state.ioprio),
            reserved: [U16::ZERO; 3],
            runtime_ns: U64::new(state.runtime),
        },
        mask.get(..used).unwrap_or(&[]),
    )
}

/// Schedules the caller so. It is parked, so nothing of it shows before it leaves.
pub(crate) fn restore(record: &Scheduling, mask: &[u8]) -> Result<(), Refusal> {
    let policy = record.policy.get();
    if !POLICIES.contains(&policy) || record.flags.get() & !RESET_ON_FORK != 0 {
        return Err(Refusal::new(Reason::TaskScheduling, EINVAL).value(policy.into()));
    }
    let state = SchedulingState {
        policy,
        flags: record.flags.get(),
        nice: record.nice.get(),
        priority: record.priority.get(),
        ioprio: record.io_priority.get(),
        has_affinity: !mask.is_empty(),
        runtime: record.runtime_ns.get(),
    };
    task::set_scheduling(&state).map_err(|error| {
        Refusal::new(Reason::RestoreNotPermitted, error).name("its scheduling policy or priority")
    })?;
    if !mask.is_empty() {
        task::set_affinity(mask).map_err(|error| {
            Refusal::new(Reason::StateNotRestored, error).name("its CPU affinity")
        })?;
    }
    Ok(())
}
