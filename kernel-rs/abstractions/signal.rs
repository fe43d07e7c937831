// SPDX-License-Identifier: GPL-2.0

//! Signals, and system calls that were interrupted.

use kernel::bindings;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::task::Task;

pub(crate) use kernel::bindings::{
    ckpt_action as Action, //
    ckpt_interrupted as Interrupted,
    ckpt_signals as Signals,
};

/// Actions and pending sets.
pub(crate) fn of(task: &Task) -> Result<KVBox<Signals>> {
    let mut signals = super::zeroed::<Signals>()?;
    // SAFETY: Both point to valid structs.
    to_result(unsafe { bindings::ckpt_signals_get(task.as_ptr(), &mut *signals) })?;
    Ok(signals)
}

/// Sets all actions of the caller's process.
pub(crate) fn set_actions(actions: &[Action; bindings::_NSIG as usize]) {
    // SAFETY: The array has one action for every signal.
    unsafe { bindings::ckpt_actions_set(actions.as_ptr()) };
}

/// Drops what is queued for the caller, unless it is about to die.
pub(crate) fn clear_pending() {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_pending_clear() };
}

/// How an interrupted system call of a frozen task would go on.
pub(crate) fn interrupted(task: &Task) -> Interrupted {
    let mut interrupted = Interrupted::default();
    // SAFETY: Both point to valid structs.
    unsafe { bindings::ckpt_interrupted_get(task.as_ptr(), &mut interrupted) };
    interrupted
}

/// Sets how the caller's next restart_syscall(2) goes on.
pub(crate) fn set_interrupted(interrupted: &Interrupted) -> Result {
    // SAFETY: Points to a valid struct.
    to_result(unsafe { bindings::ckpt_interrupted_set(interrupted) })
}

/// Makes the caller leave the kernel by way of signal handling.
pub(crate) fn leave() {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_leave() };
}

/// A queued signal.
pub(crate) struct Queued {
    info: bindings::kernel_siginfo_t,
    ordinary: bool,
}

impl Queued {
    /// Its number.
    pub(crate) fn number(&self) -> u32 {
        self.info.__bindgen_anon_1.si_signo as u32
    }

    /// Is it one that a system call could have sent? (Not a timer's.)
    pub(crate) fn is_ordinary(&self) -> bool {
        self.ordinary
    }

    /// As the handler gets it.
    pub(crate) fn to_bytes(&self) -> [u8; 128] {
        let mut bytes = [0; 128];
        let size = core::mem::size_of::<bindings::kernel_siginfo_t>().min(128);
        // SAFETY: The kernel keeps siginfos without uninitialised bytes, to copy them to users.
        let info =
            unsafe { core::slice::from_raw_parts((&raw const self.info).cast::<u8>(), size) };
        if let Some(to) = bytes.get_mut(..size) {
            to.copy_from_slice(info);
        }
        bytes
    }
}

/// The signal at this place in a queue, if there are so many.
pub(crate) fn queued(task: &Task, shared: bool, index: u32) -> Result<Option<Queued>> {
    let mut info = bindings::kernel_siginfo_t::default();
    // SAFETY: All pointers are valid.
    let found = unsafe { bindings::ckpt_pending_get(task.as_ptr(), shared, index, &mut info) };
    let not_ordinary = -(bindings::EOPNOTSUPP as i32);
    if found < 0 && found != not_ordinary {
        return Err(Error::from_errno(found));
    }
    Ok((found != 0).then_some(Queued {
        info,
        ordinary: found > 0,
    }))
}

/// What the handler of a signal that lost its entry gets: the number and zeros.
pub(crate) fn without_entry(number: u32) -> [u8; 128] {
    let mut bytes = [0; 128];
    if let Some(to) = bytes.get_mut(..4) {
        to.copy_from_slice(&number.to_le_bytes());
    }
    bytes
}

/// Queues a signal for the caller, or for its process.
pub(crate) fn queue(siginfo: &[u8; 128], shared: bool) -> Result {
    let mut info = bindings::kernel_siginfo_t::default();
    let size = core::mem::size_of::<bindings::kernel_siginfo_t>().min(128);
    // SAFETY: Both are that long, and any bytes are a siginfo.
    unsafe {
        core::ptr::copy_nonoverlapping(siginfo.as_ptr(), (&raw mut info).cast::<u8>(), size);
    }
    let number = info.__bindgen_anon_1.si_signo;
    if !(1..=64).contains(&number) || siginfo.iter().skip(size).any(|byte| *byte != 0) {
        return Err(EINVAL);
    }
    // SAFETY: The number is that of a signal.
    to_result(unsafe { bindings::ckpt_pending_set(&info, shared) })
}
