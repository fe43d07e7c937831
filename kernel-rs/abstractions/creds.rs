// SPDX-License-Identifier: GPL-2.0

//! Credentials.

use core::ptr::NonNull;

use kernel::bindings;
use kernel::error::{from_err_ptr, to_result};
use kernel::prelude::*;
use kernel::task::Task;

/// The credentials of a task, in numbers of its user namespace. EOVERFLOW: one has no number.
pub(crate) fn of(task: &Task) -> Result<(bindings::ckpt_creds, KVVec<u32>)> {
    let mut creds = bindings::ckpt_creds::default();
    let mut groups = KVVec::new();
    // SAFETY: `task` is a valid task.
    let cred = unsafe { bindings::ckpt_cred_of(task.as_ptr()) };
    // SAFETY: `cred` is held until the end of this function.
    let mut result =
        to_result(unsafe { bindings::ckpt_creds_get(task.as_ptr(), cred, &mut creds) });
    for index in 0..creds.groups {
        let mut group = 0;
        // SAFETY: As above; `index` is below the number of groups.
        let found = to_result(unsafe { bindings::ckpt_creds_group(cred, index, &mut group) });
        let kept = groups.push(group, GFP_KERNEL_ACCOUNT).map_err(Error::from);
        result = result.and(found).and(kept);
    }
    // SAFETY: The reference is the one that was got above.
    unsafe { bindings::ckpt_cred_put(cred) };
    result.map(|()| (creds, groups))
}

/// Credentials that the caller's task can take on without failing.
pub(crate) struct Prepared(NonNull<bindings::cred>);

impl Prepared {
    /// Checks and allocates; whether the caller may have them is not asked here.
    pub(crate) fn new(creds: &bindings::ckpt_creds, groups: &[u32]) -> Result<Self> {
        if usize::try_from(creds.groups)? != groups.len() {
            return Err(EINVAL);
        }
        // SAFETY: `groups` has as many numbers as `creds` says.
        let cred = from_err_ptr(unsafe { bindings::ckpt_creds_prepare(creds, groups.as_ptr()) })?;
        NonNull::new(cred).map(Self).ok_or(ENOMEM)
    }

    /// Takes them on. Only in the task that prepared them.
    pub(crate) fn commit(self) {
        // SAFETY: The credentials come from prepare_creds() of this task and are given away.
        unsafe { bindings::ckpt_creds_commit(self.0.as_ptr()) };
        core::mem::forget(self);
    }
}

// SAFETY: Prepared credentials are plain memory until they are committed.
unsafe impl Send for Prepared {}

impl Drop for Prepared {
    fn drop(&mut self) {
        // SAFETY: They were not committed, or `forget` would have seen to it.
        unsafe { bindings::ckpt_creds_abort(self.0.as_ptr()) };
    }
}

/// Is the audit login uid of the caller the one of `creds`?
pub(crate) fn has_login_uid(creds: &bindings::ckpt_creds) -> bool {
    // SAFETY: `creds` is a valid struct.
    unsafe { bindings::ckpt_creds_same_loginuid(creds) }
}

/// Has the caller this capability in its own user namespace?
pub(crate) fn capable(capability: u32) -> bool {
    // SAFETY: `current` has credentials; the numbers are those of <linux/capability.h>.
    unsafe { bindings::ns_capable(bindings::ckpt_user_ns(), capability as i32) }
}

/// Has the caller this capability in the initial user namespace?
pub(crate) fn capable_initially(capability: u32) -> bool {
    // SAFETY: As above.
    unsafe { bindings::capable(capability as i32) }
}
