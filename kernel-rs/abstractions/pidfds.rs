// SPDX-License-Identifier: GPL-2.0

//! Pidfds, and the struct pid that is behind them.

use core::ptr::NonNull;

use crate::bindings;
use kernel::error::from_err_ptr;
use kernel::prelude::*;
use kernel::task::Task;

use super::file::OpenFile;
use super::storage::opened;
use super::task;

pub(crate) use crate::bindings::ckpt_pidfd as PidfdState;

/// An open file that is a pidfd.
///
/// # Invariants
///
/// The file is one of pidfs.
pub(crate) struct Pidfd<'a>(&'a OpenFile);

impl<'a> Pidfd<'a> {
    /// This open file, if it is one.
    pub(crate) fn of(file: &'a OpenFile) -> Option<Self> {
        // SAFETY: By the type invariant of `OpenFile`.
        let is_one = unsafe { bindings::ckpt_is_pidfd(file.as_ptr()) };
        // INVARIANT: Checked just now; an open file never becomes another kind of file.
        is_one.then_some(Self(file))
    }

    /// Tells whether two stand for the same, and a task, as `task::pid_identity` does, while all are
    /// held.
    pub(crate) fn identity(&self) -> usize {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_pidfd_of(self.0.as_ptr()) as usize }
    }

    /// What it is, seen from a member of the container.
    pub(crate) fn state(&self, task: &Task) -> PidfdState {
        let mut state = PidfdState::default();
        // SAFETY: By the type invariant, and `task` is a valid task.
        unsafe { bindings::ckpt_pidfd_get(self.0.as_ptr(), task.as_ptr(), &mut state) };
        state
    }
}

/// Has something been attached to the pid of a task by way of a pidfd?
pub(crate) fn has_attributes(task: &Task) -> bool {
    // SAFETY: `task` is a valid task.
    unsafe { bindings::ckpt_pid_has_attributes(task.as_ptr()) }
}

/// What pidfds are made for.
///
/// # Invariants
///
/// Points to a struct pid on which this holds a reference, and which pidfs knows or may know.
pub(crate) struct Target(NonNull<bindings::pid>);

// SAFETY: A struct pid may be used and released from any task.
unsafe impl Send for Target {}
// SAFETY: As above.
unsafe impl Sync for Target {}

impl Target {
    /// A task; or, if there is none, one of the caller's namespace that was reaped.
    pub(crate) fn new(task: Option<&Task>, state: &PidfdState) -> Result<Self> {
        let task = task.map_or(core::ptr::null_mut(), |task| task.as_ptr());
        // SAFETY: `task` is null or a valid task.
        let pid = from_err_ptr(unsafe { bindings::ckpt_pidfd_target(task, state) })?;
        // INVARIANT: The function returns a reference.
        NonNull::new(pid).map(Self).ok_or(ESRCH)
    }

    /// One that was reaped, and that the group of a task goes by. Waits until whoever stands in for
    /// it has gone.
    pub(crate) fn left_to(task: &Task, state: &PidfdState) -> Result<Self> {
        /// In milliseconds.
        const PATIENCE: u32 = 10_000;
        let mut found = Err(EAGAIN);
        task::wait_until(PATIENCE, || {
            // SAFETY: `task` is a valid task.
            found = from_err_ptr(unsafe { bindings::ckpt_pidfd_left(task.as_ptr(), state) });
            !matches!(found, Err(EAGAIN))
        });
        match found {
            Err(EAGAIN) => Err(EBUSY),
            // INVARIANT: The function returns a reference.
            found => NonNull::new(found?).map(Self).ok_or(ESRCH),
        }
    }

    /// A pidfd for it.
    pub(crate) fn open(&self, flags: u32, of_thread: bool, kills: bool) -> Result<OpenFile> {
        // SAFETY: By the type invariant; a reference or an error returns.
        unsafe {
            opened(bindings::ckpt_pidfd_open(
                self.0.as_ptr(),
                flags,
                of_thread,
                kills,
            ))
        }
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        // SAFETY: By the type invariant this reference is ours to drop.
        unsafe { bindings::ckpt_pid_put(self.0.as_ptr()) };
    }
}
