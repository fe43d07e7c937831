// SPDX-License-Identifier: GPL-2.0

//! A process as a whole: resource limits, oom score, subreaper; with whom it lets trace it (`tracers`).
//!
//! Saves: all limits, oom_score_adj and its floor, PR_SET_CHILD_SUBREAPER.
//! Needs, at restart: CAP_SYS_RESOURCE for a hard limit above the caller's or an oom score below; nobody
//! gets more open files than fs.nr_open.
//! Limits count for what comes after them: a process may hold more than it could get now. So they are
//! taken on when everything is there; until then the task has the widest that the caller may have.
//! A subreaper tells its descendants then, as they have all been made; what is above the restarter, they
//! know from birth.
//! Locks: task_lock of the group leader; tasklist_lock (read).

use kernel::prelude::*;
use zerocopy::little_endian::{I32, U32, U64};

use super::tracers;
use crate::abstractions::creds::{capable_initially, CAP_SYS_RESOURCE};
use crate::abstractions::task::{self, ProcessState, RLIMIT_NOFILE, RLIMIT_SIGPENDING};
use crate::capture::{Capture, FrozenTask};
use crate::format::limits::{Limit, RESOURCES};
use crate::format::reason::Reason;
use crate::format::task::{Process, PROCESS_CHILD_SUBREAPER};
use crate::log::Refusal;

/// Names of the limits, in the order of their numbers.
const LIMITS: [&str; RESOURCES] = [
    "CPU time (RLIMIT_CPU)",
    "file size (RLIMIT_FSIZE)",
    "data (RLIMIT_DATA)",
    "stack (RLIMIT_STACK)",
    "core file size (RLIMIT_CORE)",
    "resident set (RLIMIT_RSS)",
    "processes (RLIMIT_NPROC)",
    "open files (RLIMIT_NOFILE)",
    "locked memory (RLIMIT_MEMLOCK)",
    "address space (RLIMIT_AS)",
    "file locks (RLIMIT_LOCKS)",
    "pending signals (RLIMIT_SIGPENDING)",
    "message queues (RLIMIT_MSGQUEUE)",
    "nice (RLIMIT_NICE)",
    "real-time priority (RLIMIT_RTPRIO)",
    "real-time CPU time (RLIMIT_RTTIME)",
];

/// Describes a process.
pub(crate) fn capture(task: &FrozenTask, out: &mut Capture<'_>) -> Result {
    let state = task::process(&task.task);
    let job = task::job(&task.task);
    let mut limits = [Limit {
        soft: U64::ZERO,
        hard: U64::ZERO,
    }; RESOURCES];
    for (limit, from) in limits.iter_mut().zip(state.limits.iter()) {
        limit.soft = U64::new(from.rlim_cur as u64);
        limit.hard = U64::new(from.rlim_max as u64);
    }
    let start = (job.start_boottime as i64).saturating_add(task.namespaces.boottime_offset);
    let (tracing, tracer) = tracers::capture(task, out)?;
    let subreaper = if state.subreaper {
        PROCESS_CHILD_SUBREAPER
    } else {
        0
    };
    out.record(
        &Process {
            task: task.id,
            oom_score_adj: I32::new(state.oom_score_adj.into()),
            oom_score_adj_min: I32::new(state.oom_score_adj_min.into()),
            flags: U32::new(subreaper | tracing),
            start_boottime_ns: U64::new(start as u64),
            limits,
            tracer,
            reserved: U32::ZERO,
        },
        &[],
    )
}

/// Gives the caller the widest limits that it may have, while its process is being built.
pub(crate) fn widen_limits() {
    task::widen_limits(capable_initially(CAP_SYS_RESOURCE));
}

/// Turns a record into what the kernel takes, and asks whether the caller may have it.
pub(crate) fn prepare(record: &Process) -> Result<ProcessState, Refusal> {
    let current = task::process(&task::current());
    let mut state = ProcessState {
        subreaper: record.flags.get() & PROCESS_CHILD_SUBREAPER != 0,
        ..ProcessState::default()
    };
    let may = capable_initially(CAP_SYS_RESOURCE);
    let limits = record.limits.iter().zip(current.limits.iter());
    for (index, (to, (from, now))) in state.limits.iter_mut().zip(limits).enumerate() {
        to.rlim_cur = from.soft.get() as usize;
        to.rlim_max = from.hard.get() as usize;
        if to.rlim_cur > to.rlim_max {
            return Err(Refusal::new(Reason::ImageValue, EINVAL)
                .name("limits")
                .value(index as u64));
        }
        let is_too_many = index == RLIMIT_NOFILE && to.rlim_max as u64 > task::most_descriptors();
        if to.rlim_max > now.rlim_max && (!may || is_too_many) {
            return Err(Refusal::new(Reason::LimitNotSet, EPERM)
                .name(LIMITS.get(index).copied().unwrap_or_default())
                .value(to.rlim_max as u64));
        }
    }
    let scores = -1000..=1000;
    let (score, floor) = (record.oom_score_adj.get(), record.oom_score_adj_min.get());
    if !scores.contains(&score) || !scores.contains(&floor) {
        return Err(Refusal::new(Reason::ImageValue, EINVAL)
            .name("oom_score_adj")
            .value(score as u64));
    }
    let lowers = score < current.oom_score_adj.into() || floor < current.oom_score_adj_min.into();
    if lowers && !may {
        return Err(Refusal::new(Reason::RestoreNotPermitted, EPERM).name("its oom score"));
    }
    state.oom_score_adj = score as i16;
    state.oom_score_adj_min = floor as i16;
    Ok(state)
}

/// How many signals may be queued for the user: as many as the limit of the image allows, or that of
/// the restarter, while it is still in force.
pub(crate) fn most_signals(state: &ProcessState) -> u64 {
    let limit = |state: &ProcessState| {
        let limits = state.limits.get(RLIMIT_SIGPENDING);
        limits.map_or(0, |limit| limit.rlim_max as u64)
    };
    limit(state).max(limit(&task::process(&task::current())))
}

/// Takes it on. Cannot fail.
pub(crate) fn commit(state: &ProcessState) {
    task::set_process(state);
}

#[kunit_tests(checkpoint_process)]
mod tests {
    use zerocopy::FromZeros;

    use super::*;

    fn refuses(change: impl Fn(&mut Process)) -> bool {
        let mut record = Process::new_zeroed();
        change(&mut record);
        prepare(&record).is_err()
    }

    #[test]
    fn impossible_values_are_refused() {
        assert!(!refuses(|_| ()));
        assert!(refuses(|record| record.limits[3].soft = U64::new(1)));
        assert!(refuses(|record| record.oom_score_adj = I32::new(1001)));
        assert!(refuses(|record| record.oom_score_adj_min = I32::new(-1001)));
    }
}
