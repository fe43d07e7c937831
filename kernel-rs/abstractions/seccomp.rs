// SPDX-License-Identifier: GPL-2.0

//! Seccomp filters, syscall user dispatch, and what prctl(2) told a task.

use core::ptr::NonNull;

use crate::bindings;
use kernel::error::{from_err_ptr, to_result};
use kernel::prelude::*;
use kernel::task::Task;

pub(crate) use crate::bindings::{
    ckpt_confinement as ConfinementState, //
    ckpt_settings as SettingsState,
};
pub(crate) use crate::bindings::{
    PR_MCE_KILL_DEFAULT, //
    PR_SPEC_DISABLE,
    PR_SPEC_ENABLE,
    PR_SPEC_NOT_AFFECTED,
    PR_SPEC_PRCTL,
    SECCOMP_FILTER_FLAG_LOG,
    SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
};

/// A seccomp filter.
///
/// # Invariants
///
/// Points to a filter on which this holds a reference of the kind that a task has.
pub(crate) struct Filter(NonNull<bindings::seccomp_filter>);

// SAFETY: References on a filter may be used and dropped from any task.
unsafe impl Send for Filter {}
// SAFETY: What `&Filter` can reach never changes, or is read under its lock.
unsafe impl Sync for Filter {}

/// What a filter was made from.
pub(crate) struct Program<'a> {
    /// Its instructions; none: it is not a classic program.
    pub(crate) instructions: Option<&'a [u8]>,
    /// SECCOMP_FILTER_FLAG_*.
    pub(crate) flags: u32,
    /// Somebody listens to what it notifies of.
    pub(crate) has_listener: bool,
}

impl Filter {
    /// The innermost filter of a task.
    pub(crate) fn of(task: &Task) -> Option<Self> {
        // SAFETY: `task` is a valid task.
        // INVARIANT: What comes back is a reference.
        NonNull::new(unsafe { bindings::seccomp_filter_of(task.as_ptr()) }).map(Self)
    }

    /// The filter that it was installed on top of.
    pub(crate) fn below(&self) -> Option<Self> {
        // SAFETY: By the type invariant.
        // INVARIANT: What comes back is a reference.
        NonNull::new(unsafe { bindings::seccomp_filter_below(self.0.as_ptr()) }).map(Self)
    }

    /// Tells whether two references are to the same filter, while both are held.
    pub(crate) fn identity(&self) -> usize {
        self.0.as_ptr() as usize
    }

    /// What it was made from.
    pub(crate) fn program(&self) -> Program<'_> {
        let (mut size, mut flags, mut has_listener) = (0, 0, false);
        // SAFETY: By the type invariant; the others are valid for writing.
        let start = unsafe {
            bindings::ckpt_filter_program(self.0.as_ptr(), &mut size, &mut flags, &mut has_listener)
        };
        let instructions = (!start.is_null()).then(|| {
            // SAFETY: The program has that size, and lives unchanged as long as the filter.
            unsafe { core::slice::from_raw_parts(start.cast::<u8>(), size as usize) }
        });
        Program {
            instructions,
            flags,
            has_listener,
        }
    }

    /// Makes a filter on top of another one. Whether the caller may is not asked here.
    pub(crate) fn make(instructions: &[u8], flags: u32, below: Option<&Self>) -> Result<Self> {
        let size = u32::try_from(instructions.len())?;
        let below = below.map_or(core::ptr::null_mut(), |below| below.0.as_ptr());
        // SAFETY: The program is read for `size` bytes, and checked; `below` is held or null.
        let filter = from_err_ptr(unsafe {
            bindings::ckpt_filter_make(instructions.as_ptr().cast(), size, flags, below)
        })?;
        // INVARIANT: A new filter comes with a reference.
        NonNull::new(filter).map(Self).ok_or(ENOMEM)
    }
}

impl Drop for Filter {
    fn drop(&mut self) {
        // SAFETY: By the type invariant this reference is ours to drop.
        unsafe { bindings::seccomp_filter_drop(self.0.as_ptr()) };
    }
}

/// Confines the caller, in a mode of seccomp's and by a filter that lies on top of its own.
pub(crate) fn confine(mode: u32, filter: Option<&Filter>) -> Result {
    let filter = filter.map_or(core::ptr::null_mut(), |filter| filter.0.as_ptr());
    // SAFETY: `filter` is held or null; the kernel takes a reference of its own.
    to_result(unsafe { bindings::seccomp_restore(mode as i32, filter) })
}

/// In which mode of seccomp's a task is, and which of its calls are dispatched.
pub(crate) fn confinement(task: &Task) -> ConfinementState {
    let mut state = ConfinementState::default();
    // SAFETY: Both are valid.
    unsafe { bindings::ckpt_confinement_get(task.as_ptr(), &mut state) };
    state
}

/// Has calls of the caller dispatched.
pub(crate) fn set_dispatch(state: &ConfinementState) -> Result {
    // SAFETY: Points to a valid struct; the address in it is checked as a user address.
    to_result(unsafe { bindings::ckpt_dispatch_set(state) })
}

/// What a task was told about itself.
pub(crate) fn settings(task: &Task) -> SettingsState {
    let mut state = SettingsState::default();
    // SAFETY: Both are valid.
    unsafe { bindings::ckpt_settings_get(task.as_ptr(), &mut state) };
    state
}

/// Tells the caller the same, as far as that cannot fail.
pub(crate) fn set_settings(state: &SettingsState) {
    // SAFETY: Points to a valid struct.
    unsafe { bindings::ckpt_settings_set(state) };
}

/// Ways of speculation that can be controlled.
pub(crate) const SPECULATIONS: usize = bindings::CKPT_SPECULATION as usize;

/// Controls one way of speculation for the caller, as prctl(2) would.
pub(crate) fn set_speculation(which: usize, control: u32) -> Result {
    if which >= SPECULATIONS {
        return Err(EINVAL);
    }
    // SAFETY: `which` is one of them.
    to_result(unsafe { bindings::ckpt_speculation_set(which as u32, control) })
}

/// Gives the caller's address space a futex hash of its own.
pub(crate) fn set_futex_hash(slots: u32, chosen: bool) -> Result {
    // SAFETY: The caller has an address space; the number is checked.
    to_result(unsafe { bindings::ckpt_futex_hash_set(slots, chosen) })
}
