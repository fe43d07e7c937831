// SPDX-License-Identifier: GPL-2.0

//! Namespaces and clocks.

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::task::Task;

pub(crate) use crate::bindings::ckpt_namespaces as Namespaces;
pub(crate) use crate::bindings::{
    ckpt_ns_CKPT_NS_CGROUP as CGROUP, //
    ckpt_ns_CKPT_NS_IPC as IPC,
    ckpt_ns_CKPT_NS_MNT as MOUNT,
    ckpt_ns_CKPT_NS_NET as NET,
    ckpt_ns_CKPT_NS_TIME as TIME,
    ckpt_ns_CKPT_NS_USER as USER,
    ckpt_ns_CKPT_NS_UTS as UTS,
};

/// What of a task no other task of a restart may have another of; for its pid namespace see
/// [`super::pids`].
const SHARED: [(u32, &str); 7] = [
    (USER, "user"),
    (MOUNT, "mount"),
    (NET, "net"),
    (UTS, "uts"),
    (CGROUP, "cgroup"),
    (TIME, "time"),
    (IPC, "ipc"),
];

impl Namespaces {
    /// Which one this is, by a number that is never used again.
    pub(crate) fn id(&self, which: u32) -> u64 {
        self.id.get(which as usize).copied().unwrap_or(0)
    }

    /// The kind of a namespace that somebody else is not in.
    pub(crate) fn differs(&self, other: &Self) -> Option<&'static str> {
        let mut kinds = SHARED.into_iter();
        let found = kinds.find(|(which, _)| self.id(*which) != other.id(*which));
        found.map(|(_, name)| name)
    }
}

/// Where a task lives.
pub(crate) fn of(task: &Task) -> Result<Namespaces> {
    let mut namespaces = Namespaces::default();
    // SAFETY: Both point to valid structs.
    to_result(unsafe { bindings::ckpt_namespaces_get(task.as_ptr(), &mut namespaces) })?;
    Ok(namespaces)
}

/// A restart has made those of the task that are not the caller's, and the pid namespace with this id, in
/// which it is. What is made in the mount namespace afterwards shows.
pub(crate) fn mark(task: &Task, pid: u64) -> Result {
    // SAFETY: `task` is a valid task.
    to_result(unsafe { bindings::ckpt_namespaces_mark(task.as_ptr(), pid) })
}

/// CLOCK_MONOTONIC of the host.
pub(crate) fn monotonic_ns() -> i64 {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_monotonic() }
}

/// CLOCK_BOOTTIME of the host at the moment when its CLOCK_MONOTONIC was this.
pub(crate) fn boottime_ns(monotonic_ns: i64) -> i64 {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_boottime(monotonic_ns) }
}

/// CLOCK_REALTIME.
pub(crate) fn realtime_ns() -> i64 {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_realtime() }
}
