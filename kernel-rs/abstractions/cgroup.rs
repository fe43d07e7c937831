// SPDX-License-Identifier: GPL-2.0

//! Cgroups and their freezer.

use core::ptr::NonNull;

use super::file::OpenFile;
use crate::bindings;
use kernel::error::{from_err_ptr, to_result};
use kernel::prelude::*;
use kernel::str::{CStr, CStrExt};
use kernel::sync::aref::ARef;
use kernel::task::Task;

/// A cgroup of the default hierarchy.
///
/// # Invariants
///
/// Points to a cgroup on which this holds a reference.
pub(crate) struct Cgroup(NonNull<bindings::cgroup>);

// SAFETY: A cgroup may be used and released from any task.
unsafe impl Send for Cgroup {}
// SAFETY: Its operations take the locks that they need.
unsafe impl Sync for Cgroup {}

impl Cgroup {
    /// The cgroup whose directory this is.
    pub(crate) fn of(directory: &OpenFile) -> Result<Self> {
        // SAFETY: A valid file.
        let cgroup = from_err_ptr(unsafe { bindings::ckpt_cgroup_of(directory.as_ptr()) })?;
        // INVARIANT: The reference comes from ckpt_cgroup_of().
        NonNull::new(cgroup).map(Self).ok_or(EBADF)
    }

    /// May the caller write to a file in this directory of a cgroup?
    pub(crate) fn may_write(directory: &OpenFile, file: &CStr) -> Result {
        let (directory, name) = (directory.as_ptr(), file.as_char_ptr());
        // SAFETY: A valid file; the name ends with a zero byte.
        to_result(unsafe { bindings::ckpt_cgroup_may_write(directory, name) })
    }

    /// Is there none above it? It has none of those files, and cannot be frozen or killed.
    pub(crate) fn is_topmost(&self) -> bool {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_cgroup_is_topmost(self.0.as_ptr()) }
    }

    /// Are all tasks in it, and below it, frozen?
    pub(crate) fn is_frozen(&self) -> bool {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_cgroup_frozen(self.0.as_ptr()) }
    }

    /// When it was asked to freeze, on the kernel's clock; each time it is, that is another moment.
    pub(crate) fn frozen_since_ns(&self) -> u64 {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_cgroup_frozen_since(self.0.as_ptr()) }
    }

    /// Is there a task in it or below it?
    pub(crate) fn is_populated(&self) -> bool {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_cgroup_populated(self.0.as_ptr()) }
    }

    /// Are there tasks below it?
    pub(crate) fn has_populated_children(&self) -> bool {
        // SAFETY: By the type invariant; the counters are read without a lock, which is as good as
        // a look at any other moment.
        unsafe {
            let cgroup = self.0.as_ptr();
            (&raw const (*cgroup).nr_populated_domain_children).read_volatile() > 0
                || (&raw const (*cgroup).nr_populated_threaded_children).read_volatile() > 0
        }
    }

    /// Where below it there are tasks, as a path that ends with a zero byte; empty if there are none.
    pub(crate) fn populated_below(&self) -> [u8; 128] {
        let mut path = [0; 128];
        // SAFETY: By the type invariant; there is as much room as is said.
        unsafe {
            let buffer = path.as_mut_ptr().cast();
            bindings::ckpt_cgroup_populated_below(self.0.as_ptr(), buffer, path.len());
        }
        path
    }

    /// Is `task` in this very cgroup?
    pub(crate) fn contains(&self, task: &Task) -> bool {
        // SAFETY: By the type invariant, and `task` is a valid task.
        unsafe { bindings::ckpt_task_in_cgroup(task.as_ptr(), self.0.as_ptr()) }
    }

    /// Freezes it, whatever is written to cgroup.freeze.
    pub(crate) fn hold(&self) {
        // SAFETY: By the type invariant.
        unsafe { bindings::cgroup_freezer_hold(self.0.as_ptr()) };
    }

    /// From now on cgroup.freeze counts, which may be set first. Once for each time it was held.
    pub(crate) fn release(&self, freeze: bool) {
        // SAFETY: By the type invariant.
        unsafe { bindings::cgroup_freezer_release(self.0.as_ptr(), freeze) };
    }

    /// Kills everything in it and below it.
    pub(crate) fn kill(&self) {
        // SAFETY: By the type invariant.
        unsafe { bindings::cgroup_kill_tasks(self.0.as_ptr()) };
    }

    /// Makes its frozen state last: EAGAIN if it is not frozen or that is a restart's doing, EBUSY if it
    /// is pinned already.
    pub(crate) fn pin(&self) -> Result<Pinned<'_>> {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::cgroup_freezer_pin(self.0.as_ptr()) })?;
        Ok(Pinned(self))
    }

    /// Every task in it, threads too, that has not begun to die.
    pub(crate) fn tasks(&self) -> Result<KVVec<ARef<Task>>> {
        let mut tasks = KVVec::new();
        for task in TaskIter::new(self)? {
            tasks.push(task, GFP_KERNEL)?;
        }
        Ok(tasks)
    }

    fn self_css(&self) -> *mut bindings::cgroup_subsys_state {
        // SAFETY: By the type invariant; only the address of the field is taken.
        unsafe { &raw mut (*self.0.as_ptr()).self_ }
    }

    pub(super) fn as_ptr(&self) -> *mut bindings::cgroup {
        self.0.as_ptr()
    }
}

impl Drop for Cgroup {
    fn drop(&mut self) {
        // SAFETY: By the type invariant this reference is ours to drop.
        unsafe { bindings::ckpt_cgroup_put(self.0.as_ptr()) };
    }
}

/// Evidence that a cgroup stays frozen and that nobody moves in or out.
pub(crate) struct Pinned<'a>(&'a Cgroup);

impl Drop for Pinned<'_> {
    fn drop(&mut self) {
        // SAFETY: By the invariant of the cgroup; its pin was taken by `Cgroup::pin`.
        unsafe { bindings::cgroup_freezer_unpin(self.0.as_ptr()) };
    }
}

/// A walk over the tasks of a cgroup; it holds no lock between two steps.
///
/// # Invariants
///
/// The C iterator has been started and, being on lists, stays where it is until it is ended.
struct TaskIter<'a> {
    iterator: KBox<bindings::css_task_iter>,
    _cgroup: &'a Cgroup,
}

impl<'a> TaskIter<'a> {
    fn new(cgroup: &'a Cgroup) -> Result<Self> {
        let mut iterator = KBox::new(bindings::css_task_iter::default(), GFP_KERNEL)?;
        // SAFETY: The css is that of a cgroup that outlives the walk. The iterator is boxed.
        unsafe { bindings::css_task_iter_start(cgroup.self_css(), 0, &mut *iterator) };
        // INVARIANT: Started just now; nothing moves out of the box.
        Ok(Self {
            iterator,
            _cgroup: cgroup,
        })
    }
}

impl Iterator for TaskIter<'_> {
    type Item = ARef<Task>;

    fn next(&mut self) -> Option<ARef<Task>> {
        // SAFETY: By the type invariant.
        let task = unsafe { bindings::css_task_iter_next(&mut *self.iterator) };
        // SAFETY: The iterator holds a reference on the task until the next step; `Task` is a
        // transparent view of it.
        unsafe { task.cast::<Task>().as_ref() }.map(ARef::from)
    }
}

impl Drop for TaskIter<'_> {
    fn drop(&mut self) {
        // SAFETY: By the type invariant.
        unsafe { bindings::css_task_iter_end(&mut *self.iterator) };
    }
}
