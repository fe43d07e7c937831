// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Namespaces that restarts have made, so that what was restarted can be checkpointed again.
//!
//! A restart gives its tasks a pid, a time and a mount namespace that differ from the caller's in
//! a known way: numbers, clock offsets, a /proc that fits. Their ids, which the kernel never uses
//! twice, are remembered here. A mount namespace counts only while nobody has mounted or
//! unmounted anything in it since.

use kernel::prelude::*;

use crate::abstractions::namespaces::{self, Namespaces};
use crate::abstractions::registry::with_made;

/// Namespaces that are remembered; the oldest go first. Whoever is forgotten is refused, not lost.
const REMEMBERED: usize = 16 * 1024;

/// What a restart leaves behind.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Made {
    pid: u64,
    time: u64,
    mount: u64,
    mount_event: u64,
}

/// Remembers the namespaces of the tasks that were restarted: those of one of them, and the pid
/// namespace that all of them are in.
pub(crate) fn remember(namespaces: &Namespaces, pid: u64) -> Result {
    let entry = Made {
        pid,
        time: namespaces.id(namespaces::TIME),
        mount: namespaces.id(namespaces::MOUNT),
        mount_event: namespaces.mnt_event,
    };
    with_made(|made| {
        if made.iter().rev().any(|known| *known == entry) {
            return Ok(());
        }
        if made.len() >= REMEMBERED {
            let _ = made.remove(0);
        }
        Ok(made.push(entry, GFP_KERNEL)?)
    })
}

/// Has a restart made this pid namespace for a container?
pub(crate) fn is_containers(pid: u64) -> bool {
    with_made(|made| made.iter().any(|made| made.pid == pid))
}

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
    let known = |fits: &dyn Fn(&Made) -> bool| with_made(|made| made.iter().any(fits));
    let time = task.id(namespaces::TIME);
    if !same(namespaces::TIME) && !known(&|made| made.time == time) {
        return Some("time");
    }
    let mount = task.id(namespaces::MOUNT);
    let event = task.mnt_event;
    if same(namespaces::MOUNT) || known(&|made| made.mount == mount && made.mount_event == event) {
        return None;
    }
    match known(&|made| made.mount == mount) {
        true => Some("changed mount"),
        false => Some("mount"),
    }
}
