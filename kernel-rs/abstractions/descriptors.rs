// SPDX-License-Identifier: GPL-2.0

//! Descriptor tables.

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::task::Task;

use super::cgroup::Cgroup;
use super::file::OpenFile;

/// The first open descriptor of `task` from `number` on, its file, and whether exec closes it.
pub(crate) fn next(task: &Task, number: u32) -> Option<(u32, OpenFile, bool)> {
    let mut number = number;
    // SAFETY: `task` is a valid task; fget_task_next() returns a reference or null.
    let file = unsafe { OpenFile::from_raw(bindings::fget_task_next(task.as_ptr(), &mut number)) }?;
    // SAFETY: `task` is a valid task.
    let close_on_exec = unsafe { bindings::ckpt_fd_close_on_exec(task.as_ptr(), number) } != 0;
    Some((number, file, close_on_exec))
}

/// Closes every descriptor of the caller.
pub(crate) fn close_all() {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_files_close_all() };
}

/// Makes room for so many descriptors, if the caller may have them.
pub(crate) fn raise_limit(count: u32) {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_files_raise_limit(count) };
}

/// Something that somebody outside may have open too.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(crate) struct Suspect(bindings::ckpt_suspect);

impl Suspect {
    /// This open file.
    pub(crate) fn new(file: &OpenFile) -> Self {
        Self::of_object(file.identity())
    }

    /// Whatever open file of this one's inode.
    pub(crate) fn of_inode(file: &OpenFile) -> Self {
        Self::of_object(file.inode())
    }

    /// Likewise, and who has only found it (O_PATH) counts: it can be opened from there.
    pub(crate) fn of_inode_found(file: &OpenFile) -> Self {
        let Self(suspect) = Self::of_inode(file);
        Self(bindings::ckpt_suspect {
            unused_too: true,
            ..suspect
        })
    }

    /// Whatever has this identity.
    pub(crate) fn of_object(object: usize) -> Self {
        Self(bindings::ckpt_suspect {
            object: object as *const _,
            ..Default::default()
        })
    }

    /// Number of a task that has it, negative if the caller cannot see that one; or zero.
    pub(crate) fn outsider(&self) -> i32 {
        self.0.outsider
    }

    /// What that task is called.
    pub(crate) fn name(&self) -> [u8; 16] {
        self.0.comm
    }
}

/// Looks for them among the descriptors of all tasks outside the cgroup, once. They ascend by
/// identity; for none, nobody is asked. EINTR: a signal came for the caller before all were looked at.
pub(crate) fn find_outside(cgroup: &Cgroup, suspects: &mut [Suspect]) -> Result {
    if suspects.is_empty() {
        return Ok(());
    }
    let count = u32::try_from(suspects.len())?;
    let list = suspects.as_mut_ptr().cast();
    // SAFETY: `Suspect` is nothing but the struct, and there are so many of them; the files are only
    // compared.
    to_result(unsafe { bindings::ckpt_files_outside(cgroup.as_ptr(), list, count) })
}
