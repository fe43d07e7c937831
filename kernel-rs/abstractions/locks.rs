// SPDX-License-Identifier: GPL-2.0

//! Locks and leases of inodes.

use core::ptr::null_mut;

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::task::Task;

use super::errno;
use super::file::OpenFile;

pub(crate) use crate::bindings::ckpt_lock as LockState;

/// What a lock is.
pub(crate) mod form {
    pub(crate) use crate::bindings::{
        ckpt_lock_form_CKPT_LOCK_LEASE as LEASE, ckpt_lock_form_CKPT_LOCK_OPEN_FILE as OPEN_FILE,
        ckpt_lock_form_CKPT_LOCK_OTHER as OTHER, ckpt_lock_form_CKPT_LOCK_RECORD as RECORD,
        ckpt_lock_form_CKPT_LOCK_WHOLE as WHOLE,
    };
}

/// Everything that is held on the inode of an open file, in the order of the kernel.
pub(crate) fn of_inode(file: &OpenFile) -> Result<KVVec<LockState>> {
    /// How often others may take more locks meanwhile.
    const PATIENCE: u32 = 100;

    let mut locks = KVVec::new();
    for _ in 0..PATIENCE {
        let room = locks.len() as u32;
        // SAFETY: By the type invariant; there is room for as many locks as is said.
        let count = unsafe { bindings::ckpt_locks_get(file.as_ptr(), locks.as_mut_ptr(), room) };
        if count <= room {
            locks.truncate(count as usize);
            return Ok(locks);
        }
        let with_some = count.saturating_add(count / 8) as usize;
        locks.resize(with_some, LockState::default(), GFP_KERNEL)?;
    }
    Err(errno::stale())
}

/// Does the server of its file system say that there are record locks?
pub(crate) fn are_elsewhere(file: &OpenFile) -> bool {
    // SAFETY: By the type invariant.
    unsafe { bindings::ckpt_locked_elsewhere(file.as_ptr()) }
}

/// Takes a lock that is no lease; a record lock for the descriptor table of `owner`. `taker`: a task
/// of the process that took it.
pub(crate) fn take(
    file: &OpenFile,
    owner: Option<&Task>,
    taker: Option<&Task>,
    lock: &LockState,
) -> Result {
    if owner.is_none() && lock.form == form::RECORD {
        return Err(ESRCH);
    }
    // SAFETY: By the type invariant; the others are valid tasks or null, and a record lock has an
    // owner.
    to_result(unsafe {
        bindings::ckpt_lock_set(file.as_ptr(), pointer(owner), pointer(taker), lock)
    })
}

/// Takes a lease.
pub(crate) fn take_lease(file: &OpenFile, lock: &LockState) -> Result {
    // SAFETY: By the type invariant.
    to_result(unsafe { bindings::ckpt_lease_take(file.as_ptr(), lock) })
}

/// Says what else a lease has, when all of its inode are taken.
pub(crate) fn complete_lease(file: &OpenFile, taker: Option<&Task>, lock: &LockState) -> Result {
    // SAFETY: By the type invariant; `taker` is a valid task or null.
    to_result(unsafe { bindings::ckpt_lease_set(file.as_ptr(), pointer(taker), lock) })
}

fn pointer(task: Option<&Task>) -> *mut bindings::task_struct {
    task.map_or(null_mut(), |task| task.as_ptr())
}
