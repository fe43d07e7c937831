// SPDX-License-Identifier: GPL-2.0

//! Families: threads, parents, children; groups and sessions; what tasks share.

use core::ptr::NonNull;

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::sync::aref::ARef;
use kernel::task::Task;

use super::cgroup::Cgroup;

/// What tasks may share.
#[derive(Clone, Copy)]
pub(crate) enum Shared {
    AddressSpace,
    Descriptors,
    Directories,
    SignalActions,
    IoContext,
    SemaphoreUndo,
}

impl Shared {
    pub(crate) const ALL: [Self; 6] = [
        Self::AddressSpace,
        Self::Descriptors,
        Self::Directories,
        Self::SignalActions,
        Self::IoContext,
        Self::SemaphoreUndo,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AddressSpace => "address space",
            Self::Descriptors => "descriptor table",
            Self::Directories => "working directory and umask",
            Self::SignalActions => "signal actions",
            Self::IoContext => "I/O context (CLONE_IO)",
            Self::SemaphoreUndo => "list of semaphores to undo (CLONE_SYSVSEM)",
        }
    }

    fn number(self) -> u32 {
        match self {
            Self::AddressSpace => bindings::ckpt_shared_CKPT_SHARED_MM,
            Self::Descriptors => bindings::ckpt_shared_CKPT_SHARED_FILES,
            Self::Directories => bindings::ckpt_shared_CKPT_SHARED_FS,
            Self::SignalActions => bindings::ckpt_shared_CKPT_SHARED_SIGHAND,
            Self::IoContext => bindings::ckpt_shared_CKPT_SHARED_IO,
            Self::SemaphoreUndo => bindings::ckpt_shared_CKPT_SHARED_UNDO,
        }
    }

    /// Tells whether two tasks have the same, while both are frozen or parked; and how many may have
    /// it. Nothing: the task has none.
    pub(crate) fn of(self, task: &Task) -> Option<(usize, u32)> {
        let mut users = 0;
        // SAFETY: `task` is a valid task.
        let shared = unsafe { bindings::ckpt_shared_get(task.as_ptr(), self.number(), &mut users) };
        (!shared.is_null()).then_some((shared as usize, users))
    }

    /// Has a task outside the cgroup the same as `task`? EINTR: a signal came for the caller before all
    /// were asked.
    pub(crate) fn has_outsider(self, task: &Task, cgroup: &Cgroup) -> Result<bool> {
        // SAFETY: Both are valid.
        let found =
            unsafe { bindings::ckpt_task_sharer(task.as_ptr(), cgroup.as_ptr(), self.number()) };
        Ok(answer(found)? != 0)
    }

    /// The caller comes to have the same as `with`, a task that is parked. A list of semaphores: one
    /// of its own, if it is the caller itself.
    pub(crate) fn share(self, with: &Task) -> Result {
        // SAFETY: `with` is a valid task; the caller is parked in restart(2), where none of these is
        // in use.
        match unsafe { bindings::ckpt_share(with.as_ptr(), self.number()) } {
            true => Ok(()),
            false => Err(ESRCH),
        }
    }

    /// Whatever the caller was cloned with, from now on it has this alone; of signal actions, its
    /// process. Only for what is built in place: descriptors, directories, signal actions.
    pub(crate) fn make_own(self) -> Result {
        // SAFETY: No precondition in a context that may sleep; the caller is parked in restart(2),
        // where none of these is in use.
        to_result(unsafe { bindings::ckpt_unshare(self.number()) })
    }
}

/// What was asked of all tasks: a number, zero, or an error.
pub(super) fn answer(number: i32) -> Result<i32> {
    to_result(number)?;
    Ok(number)
}

/// The caller has no list of semaphores to undo.
pub(crate) fn drop_undo() {
    // SAFETY: No precondition in a context that may sleep.
    unsafe { bindings::ckpt_undo_drop() };
}

/// All that `list` gives; it is asked again as long as there is no room for all.
fn gather(list: impl Fn(&mut bindings::ckpt_tasks)) -> Result<KVVec<ARef<Task>>> {
    let mut room: KVVec<*mut bindings::task_struct> = KVVec::new();
    loop {
        let mut tasks = bindings::ckpt_tasks {
            count: 0,
            room: u32::try_from(room.len())?,
            task: room.as_mut_ptr(),
        };
        list(&mut tasks);
        let count = tasks.count as usize;
        let given = room.get(..count.min(room.len())).unwrap_or(&[]);
        let mut found = KVVec::new();
        let mut result = found.reserve(given.len(), GFP_KERNEL).map_err(Error::from);
        for task in given {
            let Some(task) = NonNull::new(*task) else {
                continue;
            };
            // SAFETY: The glue has taken a reference for us; `Task` is a transparent view of it.
            let task = unsafe { ARef::from_raw(task.cast::<Task>()) };
            if result.is_ok() {
                result = found.push(task, GFP_KERNEL).map_err(Error::from);
            }
        }
        result?;
        if count <= room.len() {
            return Ok(found);
        }
        room.resize(count, core::ptr::null_mut(), GFP_KERNEL)?;
    }
}

/// Every thread of a process that has not been reaped, its leader first.
pub(crate) fn threads(task: &Task) -> Result<KVVec<ARef<Task>>> {
    // SAFETY: `task` is a valid task; the list has the room that it says.
    gather(|list| unsafe { bindings::ckpt_threads(task.as_ptr(), list) })
}

/// The children that a thread has made or adopted, dead or alive, in the order that wait(2) sees.
pub(crate) fn children(task: &Task) -> Result<KVVec<ARef<Task>>> {
    // SAFETY: As above.
    gather(|list| unsafe { bindings::ckpt_children(task.as_ptr(), list) })
}

/// # Safety
///
/// `task` points to a task and comes with a reference.
unsafe fn owned(task: *mut bindings::task_struct) -> Result<ARef<Task>> {
    let task = NonNull::new(task).ok_or(ESRCH)?;
    // SAFETY: By the contract.
    Ok(unsafe { ARef::from_raw(task.cast::<Task>()) })
}

/// The leader of a task's process, dead or alive; fails with ESRCH if the task was reaped.
pub(crate) fn leader(task: &Task) -> Result<ARef<Task>> {
    // SAFETY: `task` is a valid task; ckpt_leader() returns a reference or null.
    unsafe { owned(bindings::ckpt_leader(task.as_ptr())) }
}

/// The very thread that made or adopted a process; fails with ESRCH if the process was reaped.
pub(crate) fn parent(task: &Task) -> Result<ARef<Task>> {
    // SAFETY: As above.
    unsafe { owned(bindings::ckpt_parent(task.as_ptr())) }
}

/// Tells whether two references are to the same task, while both are held.
pub(crate) fn identity(task: &Task) -> usize {
    task.as_ptr() as usize
}

/// A process group or session of a task that is held.
#[derive(Clone, Copy)]
pub(crate) struct Group {
    pid: *const bindings::pid,
    is_session: bool,
}

impl Group {
    pub(super) fn new(pid: *const bindings::pid, is_session: bool) -> Self {
        Self { pid, is_session }
    }

    /// Tells whether two are of the same number, as [`super::task::pid_identity`] does.
    pub(crate) fn identity(self) -> usize {
        self.pid as usize
    }
}

/// The process group of `task`.
pub(crate) fn group(job: &super::task::Job) -> Group {
    Group::new(job.group, false)
}

/// The session of `task`.
pub(crate) fn session(job: &super::task::Job) -> Group {
    Group::new(job.session, true)
}

/// Is a task outside the cgroup in the group of `member` or, if it is that, in its session?
pub(crate) fn has_outsider(group: Group, member: &Task, cgroup: &Cgroup) -> bool {
    // SAFETY: Both are valid.
    unsafe { bindings::ckpt_group_outsider(member.as_ptr(), group.is_session, cgroup.as_ptr()) }
}

/// Puts a parked process behind the other children of a parked thread, of the process that made it.
/// Without a parent only its exit signal is set.
pub(crate) fn arrange(child: &Task, parent: Option<&Task>, exit_signal: i32) -> Result {
    let parent = parent.map_or(core::ptr::null_mut(), Task::as_ptr);
    // SAFETY: Both are valid tasks.
    match unsafe { bindings::ckpt_child_arrange(child.as_ptr(), parent, exit_signal) } {
        true => Ok(()),
        false => Err(ESRCH),
    }
}

/// Has it ended for good, so that only wait(2) can still hear of it?
pub(crate) fn has_ended(task: &Task) -> bool {
    // SAFETY: `task` is a valid task.
    unsafe { bindings::ckpt_task_ended(task.as_ptr()) }
}
