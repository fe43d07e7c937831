// SPDX-License-Identifier: GPL-2.0

//! Keyrings.

use core::ptr::NonNull;

use crate::bindings;
use kernel::error::{from_err_ptr, to_result};
use kernel::prelude::*;
use kernel::task::Task;

pub(crate) use crate::bindings::ckpt_keyring as KeyringState;

/// Keyrings that credentials may have.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Which {
    Session,
    Process,
    Thread,
}

/// How many.
pub(crate) const KEYRINGS: usize = bindings::ckpt_keyring_which_CKPT_KEYRINGS as usize;

impl Which {
    pub(crate) const ALL: [Self; KEYRINGS] = [Self::Session, Self::Process, Self::Thread];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Process => "process",
            Self::Thread => "thread",
        }
    }

    fn number(self) -> u32 {
        match self {
            Self::Session => bindings::ckpt_keyring_which_CKPT_KEYRING_SESSION,
            Self::Process => bindings::ckpt_keyring_which_CKPT_KEYRING_PROCESS,
            Self::Thread => bindings::ckpt_keyring_which_CKPT_KEYRING_THREAD,
        }
    }
}

/// A keyring.
///
/// # Invariants
///
/// Points to a keyring on which this holds a reference.
pub(crate) struct Keyring(NonNull<bindings::key>);

// SAFETY: References on a keyring may be used and dropped from any task.
unsafe impl Send for Keyring {}
// SAFETY: What `&Keyring` can reach is read under its lock.
unsafe impl Sync for Keyring {}

impl Keyring {
    /// A keyring of a task.
    pub(crate) fn of(task: &Task, which: Which) -> Option<Self> {
        // SAFETY: `task` is a valid task; the credentials are held for the call between.
        // INVARIANT: What comes back is a reference.
        unsafe {
            let cred = bindings::ckpt_cred_of(task.as_ptr());
            let keyring = bindings::ckpt_keyring_of(cred, which.number());
            bindings::ckpt_cred_put(cred);
            NonNull::new(keyring).map(Self)
        }
    }

    /// Tells whether two references are to the same keyring, while both are held.
    pub(crate) fn identity(&self) -> usize {
        self.0.as_ptr() as usize
    }

    /// What it is. EOVERFLOW: its owner has no number in the caller's user namespace.
    pub(crate) fn state(&self) -> Result<KVBox<KeyringState>> {
        let mut state = super::zeroed::<KeyringState>()?;
        // SAFETY: By the type invariant; `state` is valid for writing.
        to_result(unsafe {
            bindings::ckpt_keyring_get(self.0.as_ptr(), bindings::ckpt_user_ns(), &mut *state)
        })?;
        Ok(state)
    }

    /// The keyring with this serial number, if it has the same name and owner too.
    pub(crate) fn find(wanted: &KeyringState) -> Option<Self> {
        // SAFETY: `wanted` is a valid struct whose name ends with a zero byte.
        // INVARIANT: What comes back is a reference.
        NonNull::new(unsafe { bindings::ckpt_keyring_find(wanted) }).map(Self)
    }

    /// Makes one. Whether the caller may is not asked here.
    pub(crate) fn make(state: &KeyringState) -> Result<Self> {
        // SAFETY: As above.
        let keyring = from_err_ptr(unsafe { bindings::ckpt_keyring_make(state) })?;
        // INVARIANT: A new keyring comes with a reference.
        NonNull::new(keyring).map(Self).ok_or(ENOMEM)
    }

    pub(super) fn as_ptr(&self) -> *mut bindings::key {
        self.0.as_ptr()
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        // SAFETY: By the type invariant this reference is ours to drop.
        unsafe { bindings::ckpt_keyring_put(self.0.as_ptr()) };
    }
}

/// How many keys are in the keyrings of a user.
pub(crate) fn of_user(user: u32) -> u32 {
    // SAFETY: Numbers without a user have no keyrings.
    unsafe { bindings::ckpt_keys_of_user(user) }
}

/// Does the task act for somebody who has asked for a key?
pub(crate) fn has_authority(task: &Task) -> bool {
    // SAFETY: `task` is a valid task; the credentials are held for the call between.
    unsafe {
        let cred = bindings::ckpt_cred_of(task.as_ptr());
        let has = bindings::ckpt_cred_has_authority(cred);
        bindings::ckpt_cred_put(cred);
        has
    }
}
