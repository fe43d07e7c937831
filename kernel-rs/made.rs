// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Namespaces that restarts have made, so that what was restarted can be checkpointed again.
//!
//! A restart gives its tasks a pid, a time and a mount namespace that differ from the caller's in
//! a known way: numbers, clock offsets, a /proc that fits. They bear a mark of that, for as long as
//! they are there. A mount namespace counts only while nobody has mounted or unmounted anything in it
//! since.

use crate::abstractions::namespaces::{self, Namespaces};

/// The kind of a namespace of the task that is neither the caller's nor made by a restart; but
/// whether its pid namespace is depends on the others.
pub(crate) fn foreign_namespace(task: &Namespaces, caller: &Namespaces) -> Option<&'static str> {
    let same = |which| task.id(which) == caller.id(which);
    for (which, name) in [
        (namespaces::UTS, "uts"),
        (namespaces::NET, "net"),
        (namespaces::CGROUP, "cgroup"),
        (namespaces::USER, "user"),
    ] {
        if !same(which) {
            return Some(name);
        }
    }
    if task.children_differ {
        return Some("time (for its children)");
    }
    if !same(namespaces::TIME) && !task.time_made {
        return Some("time");
    }
    match (task.mnt_made, task.mnt_changed) {
        _ if same(namespaces::MOUNT) => None,
        (true, false) => None,
        (true, true) => Some("changed mount"),
        (false, _) => Some("mount"),
    }
}
