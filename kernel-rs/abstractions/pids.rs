// SPDX-License-Identifier: GPL-2.0

//! Pids: their numbers, and the namespaces that these are in.

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::task::Task;

pub(crate) use crate::bindings::ckpt_pid_space as Space;

/// Whose number it is.
#[derive(Clone, Copy)]
pub(crate) enum Of {
    Task,
    Group,
    Session,
    /// Nobody's yet: where the children of a task will be.
    Children,
}

impl Of {
    fn number(self) -> u32 {
        match self {
            Self::Task => bindings::ckpt_pid_of_CKPT_PID_TASK,
            Self::Group => bindings::ckpt_pid_of_CKPT_PID_GROUP,
            Self::Session => bindings::ckpt_pid_of_CKPT_PID_SESSION,
            Self::Children => bindings::ckpt_pid_of_CKPT_PID_CHILDREN,
        }
    }
}

/// How deep the innermost namespace lies; an error if the task is gone.
pub(crate) fn level(task: &Task, of: Of) -> Result<u32> {
    // SAFETY: `task` is a valid task.
    let level = unsafe { bindings::ckpt_pid_level(task.as_ptr(), of.number()) };
    u32::try_from(level).map_err(|_| EAGAIN)
}

/// The namespace at a level, and the number there; an error if there is none.
pub(crate) fn space(task: &Task, of: Of, level: u32) -> Result<Space> {
    let mut space = Space::default();
    // SAFETY: Both are valid.
    match unsafe { bindings::ckpt_pid_space_get(task.as_ptr(), of.number(), level, &mut space) } {
        true => Ok(space),
        false => Err(EAGAIN),
    }
}

/// Sets limit, next number and `memfd_noexec` of the namespace at a level.
pub(crate) fn set_space(task: &Task, of: Of, level: u32, space: &Space) -> Result {
    // SAFETY: Both are valid.
    to_result(unsafe { bindings::ckpt_pid_space_set(task.as_ptr(), of.number(), level, space) })
}

/// Children of the caller will be in a new namespace; `closed`: one that nobody can enter any more.
pub(crate) fn make_for_children(closed: bool) -> Result {
    // SAFETY: No precondition in a context that may sleep.
    to_result(unsafe { bindings::ckpt_pid_children_new(closed) })
}

/// Children of the caller will be where another task or its children are.
pub(crate) fn take_for_children(with: &Task, of: Of) -> Result {
    // SAFETY: `with` is a valid task.
    to_result(unsafe { bindings::ckpt_pid_children_set(with.as_ptr(), of.number()) })
}

/// A parked process enters the process group of another one.
pub(crate) fn enter_group(task: &Task, with: &Task) -> bool {
    // SAFETY: Both are valid tasks.
    unsafe { bindings::ckpt_group_enter(task.as_ptr(), with.as_ptr()) }
}
