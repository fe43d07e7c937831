// SPDX-License-Identifier: GPL-2.0

//! Scheduling: policy, nice, real-time priority, deadline parameters, utilisation clamps, I/O
//! priority and who shares it, affinity.
//!
//! Saves: what sched_setattr(2) takes, for every policy but SCHED_EXT; ioprio_set(2); the CPUs that
//! the task asked for and those that it got.
//! Refuses: SCHED_EXT, whose scheduler is a program of somebody else's; core scheduling (see `thread`).
//! Needs, at restart: what sched_setattr(2), ioprio_set(2) and sched_setaffinity(2) ask for; bandwidth
//! for SCHED_DEADLINE; a cpuset that grants a task that asked for some CPUs all that it had got of them.
//! One that did not ask gets those of its new cpuset.
//! Locks: those of the scheduler, inside its own functions.

use kernel::prelude::*;
use zerocopy::little_endian::{I32, U16, U32, U64};

use crate::abstractions::family::Shared;
use crate::abstractions::task::{self, Cpus, SchedulingState};
use crate::capture::{Capture, FrozenTask};
use crate::format::reason::Reason;
use crate::format::task::Scheduling;
use crate::format::TaskId;
use crate::log::Refusal;

/// SCHED_NORMAL, SCHED_FIFO, SCHED_RR, SCHED_BATCH, SCHED_IDLE, and that one.
const POLICIES: [u32; 6] = [0, 1, 2, 3, 5, DEADLINE];

/// SCHED_DEADLINE.
const DEADLINE: u32 = 6;

/// SCHED_FLAG_RESET_ON_FORK, _RECLAIM, _DL_OVERRUN, _UTIL_CLAMP_MIN, _UTIL_CLAMP_MAX.
const FLAGS: u64 = 0x01 | 0x02 | 0x04 | 0x20 | 0x40;

/// The first thread that has the same I/O context.
pub(crate) fn io_context(task: &FrozenTask, out: &mut Capture<'_>) -> Result<TaskId> {
    match Shared::IoContext.of(&task.task) {
        Some((shared, users)) if users > 1 => out.first_with(shared, task.id),
        _ => Ok(task.id),
    }
}

/// Describes how a thread is scheduled.
pub(crate) fn capture(task: &FrozenTask, out: &mut Capture<'_>) -> Result {
    let state = task::scheduling(&task.task);
    if !POLICIES.contains(&state.policy) || state.flags & !FLAGS != 0 {
        out.refuse(
            task.refusal(Reason::TaskScheduling)
                .value(state.policy.into()),
        );
    }
    // The kernel lets nobody have a slice that is longer than 0.1 s.
    let slice = u32::try_from(state.slice).map_err(|_| EOVERFLOW)?;
    let (runtime, later_slice) = if state.policy == DEADLINE {
        (state.runtime, slice)
    } else {
        (slice.into(), 0)
    };
    let wanted = Cpus::wanted(&task.task);
    let granted = Cpus::granted(&task.task);
    let mut tail = KVVec::<u8>::new();
    tail.extend_from_slice(wanted.as_bytes(), GFP_KERNEL_ACCOUNT)?;
    let mut granted_length = 0;
    if !tail.is_empty() && granted.as_bytes() != wanted.as_bytes() {
        tail.extend_from_slice(granted.as_bytes(), GFP_KERNEL_ACCOUNT)?;
        granted_length = granted.as_bytes().len() as u32;
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
            runtime_ns: U64::new(runtime),
            deadline_ns: U64::new(state.deadline),
            period_ns: U64::new(state.period),
            least_utilisation: U32::new(state.util_min),
            most_utilisation: U32::new(state.util_max),
            granted_length: U32::new(granted_length),
            later_slice_ns: U32::new(later_slice),
        },
        &tail,
    )
}

/// Schedules the caller so. It is parked, so nothing of it shows before it leaves.
pub(crate) fn restore(record: &Scheduling, masks: &[u8]) -> Result<(), Refusal> {
    let policy = record.policy.get();
    if !POLICIES.contains(&policy) || record.flags.get() & !FLAGS != 0 {
        return Err(Refusal::new(Reason::TaskScheduling, EINVAL).value(policy.into()));
    }
    let later_slice = record.later_slice_ns.get();
    let (runtime, slice) = match policy {
        DEADLINE => (record.runtime_ns.get(), later_slice.into()),
        _ if later_slice != 0 => {
            return Err(Refusal::new(Reason::ImageValue, EINVAL)
                .name("later_slice_ns")
                .value(later_slice.into()));
        }
        _ => (0, record.runtime_ns.get()),
    };
    let state = SchedulingState {
        policy,
        flags: record.flags.get(),
        nice: record.nice.get(),
        priority: record.priority.get(),
        ioprio: record.io_priority.get(),
        runtime,
        deadline: record.deadline_ns.get(),
        period: record.period_ns.get(),
        slice,
        util_min: record.least_utilisation.get(),
        util_max: record.most_utilisation.get(),
    };
    task::set_scheduling(&state).map_err(|error| {
        let name = "its scheduling policy, priority or bandwidth";
        Refusal::new(Reason::RestoreNotPermitted, error).name(name)
    })?;
    let granted_length = record.granted_length.get() as usize;
    let (wanted, granted) = masks
        .len()
        .checked_sub(granted_length)
        .and_then(|middle| masks.split_at_checked(middle))
        .ok_or_else(|| {
            Refusal::new(Reason::ImageValue, EINVAL)
                .name("granted_length")
                .value(granted_length as u64)
        })?;
    if wanted.is_empty() {
        return Ok(());
    }
    let granted = if granted.is_empty() { wanted } else { granted };
    let refusal = |error| Refusal::new(Reason::StateNotRestored, error).name("its CPU affinity");
    task::set_affinity(wanted).map_err(refusal)?;
    if is_within(granted, Cpus::granted(&task::current()).as_bytes()) {
        Ok(())
    } else {
        Err(refusal(ENXIO))
    }
}

/// Is every CPU of one mask in the other?
fn is_within(mask: &[u8], other: &[u8]) -> bool {
    let in_other = |index| other.get(index).copied().unwrap_or(0);
    let mut bytes = mask.iter().enumerate();
    bytes.all(|(index, byte)| byte & !in_other(index) == 0)
}

#[kunit_tests(checkpoint_scheduling)]
mod tests {
    use zerocopy::FromZeros;

    use super::*;

    #[test]
    fn masks_are_compared_as_sets() {
        assert!(is_within(&[], &[]));
        assert!(is_within(&[0b10, 0], &[0b11]));
        assert!(!is_within(&[0b10, 1], &[0b11]));
        assert!(!is_within(&[0b10], &[0b01, 0b10]));
    }

    #[test]
    fn impossible_values_are_refused() {
        let refuses = |change: &dyn Fn(&mut Scheduling)| {
            let mut record = Scheduling::new_zeroed();
            change(&mut record);
            restore(&record, &[]).is_err()
        };
        assert!(refuses(&|record| record.policy = U32::new(7)));
        assert!(refuses(&|record| record.flags = U64::new(0x1000_0000)));
        assert!(refuses(&|record| record.later_slice_ns = U32::new(1)));
    }
}
