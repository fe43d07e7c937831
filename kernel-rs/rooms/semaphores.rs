// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Lists of what System V semaphores are to get back (SEM_UNDO), which threads share, and whoever was
//! cloned with CLONE_SYSVSEM: it is given back when the last of them ends.
//!
//! Saves: who shares a list. What is on it: `ipc`.
//! Refuses: a list that is shared with a task outside (by `forest`).
//! Restores: the first of them makes the list.
//! Locks: task_lock, inside one call of the glue.

use kernel::prelude::*;

use crate::abstractions::family::{self, Shared};
use crate::capture::{Capture, FrozenTask};
use crate::format::reason::Reason;
use crate::format::task::Thread;
use crate::format::TaskId;
use crate::log::Refusal;
use crate::plan::TaskPlan;

/// The number of a thread's list; zero: it has none.
pub(crate) fn capture(task: &FrozenTask, out: &mut Capture<'_>) -> Result<u32> {
    match Shared::SemaphoreUndo.of(&task.task) {
        Some((shared, _)) => Ok(out.first_with(shared, task.id)?.get().saturating_add(1)),
        None => Ok(0),
    }
}

/// The first thread with the same list.
pub(crate) fn first(thread: &Thread) -> Option<TaskId> {
    thread.undo_list.get().checked_sub(1).map(TaskId::new)
}

/// Whoever comes first has the number of the list.
pub(crate) fn check(tasks: &[TaskPlan]) -> Result<(), Refusal> {
    for (index, task) in (0..).zip(tasks) {
        let own = task.thread.as_deref();
        let Some(first) = own.and_then(first) else {
            continue;
        };
        let shares = tasks.get(first.get() as usize);
        let shares = shares.and_then(|shares| shares.thread.as_deref());
        let is_same = |shares: &Thread| own.is_some_and(|own| own.undo_list == shares.undo_list);
        if first.get() > index || !shares.is_some_and(is_same) {
            let refusal = Refusal::new(Reason::ImageReference, EINVAL);
            return Err(refusal.name("undo_list").value(first.get().into()));
        }
    }
    Ok(())
}

/// The caller has no list.
pub(crate) fn restore_none() {
    family::drop_undo();
}
