// SPDX-License-Identifier: GPL-2.0

//! Credentials.

use core::ptr::NonNull;

use kernel::bindings;
use kernel::error::{from_err_ptr, to_result};
use kernel::prelude::*;
use kernel::sync::Arc;
use kernel::task::Task;

use super::keys::{Keyring, KEYRINGS};

pub(crate) use kernel::bindings::{
    ckpt_creds as CredentialsState, //
    CAP_CHECKPOINT_RESTORE,
    CAP_SETGID,
    CAP_SETPCAP,
    CAP_SETUID,
    CAP_SYS_ADMIN,
    CAP_SYS_RESOURCE,
};

/// The credentials of a task, in numbers of its user namespace. EOVERFLOW: one has no number.
pub(crate) fn of(task: &Task) -> Result<(CredentialsState, KVVec<u32>)> {
    let mut creds = CredentialsState::default();
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
    pub(crate) fn new(
        creds: &CredentialsState,
        groups: &[u32],
        keyrings: &[Option<Arc<Keyring>>; KEYRINGS],
    ) -> Result<Self> {
        if usize::try_from(creds.groups)? != groups.len() {
            return Err(EINVAL);
        }
        let keyrings = keyrings.each_ref().map(|keyring| {
            keyring
                .as_ref()
                .map_or(core::ptr::null_mut(), |keyring| keyring.as_ptr())
        });
        // SAFETY: `groups` has as many numbers as `creds` says; the keyrings are held or null, and
        // the credentials take references of their own.
        let cred = from_err_ptr(unsafe {
            bindings::ckpt_creds_prepare(creds, groups.as_ptr(), keyrings.as_ptr())
        })?;
        NonNull::new(cred).map(Self).ok_or(ENOMEM)
    }

    /// The raw pointer.
    pub(super) fn as_ptr(&self) -> *const bindings::cred {
        self.0.as_ptr()
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

/// Gives the caller a login, as far as audit lets it.
pub(crate) fn set_login(uid: u32, session: u32) -> Result {
    // SAFETY: Any numbers may be passed.
    to_result(unsafe { bindings::ckpt_login_set(uid, session) })
}

/// Is every bit one that PR_SET_SECUREBITS knows?
pub(crate) fn are_securebits(bits: u32) -> bool {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_securebits_known(bits) }
}

/// The securebits that take no capability to change.
pub(crate) fn free_securebits() -> u32 {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_securebits_free() }
}

/// Does a security module know the task by a label that means something?
pub(crate) fn is_labelled(task: &Task) -> bool {
    // SAFETY: `task` is a valid task.
    unsafe { bindings::ckpt_task_labelled(task.as_ptr()) }
}

/// Is it in a landlock domain?
pub(crate) fn is_landlocked(task: &Task) -> bool {
    // SAFETY: `task` is a valid task.
    unsafe { bindings::ckpt_task_landlocked(task.as_ptr()) }
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
