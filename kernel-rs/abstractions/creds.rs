// SPDX-License-Identifier: GPL-2.0

//! Credentials.

use core::ptr::NonNull;

use crate::bindings;
use kernel::error::{from_err_ptr, to_result};
use kernel::prelude::*;
use kernel::sync::Arc;
use kernel::task::Task;

use super::file::OpenFile;
use super::keys::{Keyring, KEYRINGS};

pub(crate) use crate::bindings::{
    ckpt_creds as CredentialsState, //
    CAP_CHECKPOINT_RESTORE,
    CAP_SETGID,
    CAP_SETPCAP,
    CAP_SETUID,
    CAP_SYS_ADMIN,
    CAP_SYS_RESOURCE,
};

/// Credentials that a task has, or with which a file was opened.
///
/// # Invariants
///
/// Points to credentials on which this holds a reference.
pub(crate) struct Held(NonNull<bindings::cred>);

// SAFETY: References on credentials may be used and dropped from any task.
unsafe impl Send for Held {}
// SAFETY: Nobody changes them.
unsafe impl Sync for Held {}

impl Held {
    /// Those of a task.
    pub(crate) fn of(task: &Task) -> Result<Self> {
        // SAFETY: `task` is a valid task.
        let cred = unsafe { bindings::ckpt_cred_of(task.as_ptr()) };
        // INVARIANT: What comes back is a reference.
        NonNull::new(cred.cast_mut()).map(Self).ok_or(ESRCH)
    }

    /// Those with which a file was opened.
    pub(crate) fn of_opener(file: &OpenFile) -> Result<Self> {
        // SAFETY: The file is held.
        let cred = unsafe { bindings::ckpt_file_opener(file.as_ptr()) };
        // INVARIANT: What comes back is a reference.
        NonNull::new(cred.cast_mut()).map(Self).ok_or(EBADF)
    }

    /// Takes over a reference.
    ///
    /// # Safety
    ///
    /// `cred` must be null, or credentials on which the caller gives up a reference.
    pub(super) unsafe fn from_raw(cred: *const bindings::cred) -> Option<Self> {
        // INVARIANT: By the contract of this function.
        NonNull::new(cred.cast_mut()).map(Self)
    }

    /// Tells whether two references are to the same credentials, while both are held.
    pub(crate) fn identity(&self) -> usize {
        self.0.as_ptr() as usize
    }

    /// Are they of the caller's user namespace?
    pub(crate) fn is_here(&self) -> bool {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_cred_is_here(self.0.as_ptr()) }
    }

    /// What they are, in numbers of their user namespace, and the supplementary groups. EOVERFLOW: one
    /// has no number.
    pub(crate) fn state(&self) -> Result<(CredentialsState, KVVec<u32>)> {
        let mut creds = CredentialsState::default();
        let mut groups = KVVec::new();
        // SAFETY: By the type invariant; the struct is valid for writing.
        to_result(unsafe { bindings::ckpt_creds_get(self.0.as_ptr(), &mut creds) })?;
        for index in 0..creds.groups {
            let mut group = 0;
            // SAFETY: As above; `index` is below the number of groups.
            to_result(unsafe { bindings::ckpt_creds_group(self.0.as_ptr(), index, &mut group) })?;
            groups.push(group, GFP_KERNEL_ACCOUNT)?;
        }
        Ok((creds, groups))
    }

    /// The login of `task`, whose they are: user and session. EOVERFLOW: the user has no number.
    pub(crate) fn login(&self, task: &Task) -> Result<(u32, u32)> {
        let (mut uid, mut session) = (0, 0);
        // SAFETY: All pointers are valid.
        to_result(unsafe {
            bindings::ckpt_login_get(task.as_ptr(), self.0.as_ptr(), &mut uid, &mut session)
        })?;
        Ok((uid, session))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // SAFETY: By the type invariant this reference is ours to drop.
        unsafe { bindings::ckpt_cred_put(self.0.as_ptr()) };
    }
}

/// The credentials of a task, in numbers of its user namespace. EOVERFLOW: one has no number.
pub(crate) fn of(task: &Task) -> Result<(CredentialsState, KVVec<u32>)> {
    Held::of(task)?.state()
}

/// Credentials that tasks can take on without failing, and that files can have been opened with.
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

    /// The caller's task takes them on.
    pub(crate) fn commit(self) {
        // SAFETY: They come from prepare_creds() and nobody changes them any more; the task takes a
        // reference of its own.
        unsafe { bindings::ckpt_creds_commit(self.0.as_ptr()) };
    }
}

// SAFETY: References on credentials may be used and dropped from any task.
unsafe impl Send for Prepared {}
// SAFETY: Nobody changes them.
unsafe impl Sync for Prepared {}

impl Clone for Prepared {
    fn clone(&self) -> Self {
        // SAFETY: They are held.
        unsafe { bindings::get_cred(self.0.as_ptr()) };
        Self(self.0)
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        // SAFETY: This reference is ours to drop.
        unsafe { bindings::ckpt_cred_put(self.0.as_ptr()) };
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

/// Does PR_CAP_AMBIENT_RAISE work for the caller?
pub(crate) fn may_raise_ambient() -> bool {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_may_raise_ambient() }
}

/// May the caller have other supplementary groups, as setgroups(2) decides? A user namespace may forbid
/// it even to its root (/proc/PID/setgroups).
pub(crate) fn may_set_groups() -> bool {
    // SAFETY: No precondition.
    unsafe { bindings::may_setgroups() }
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
