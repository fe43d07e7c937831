// SPDX-License-Identifier: GPL-2.0

//! Signals, and system calls that were interrupted.

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::task::Task;

pub(crate) use crate::bindings::{
    ckpt_action as Action, //
    ckpt_interrupted as Interrupted,
    ckpt_queued as Queued,
    ckpt_stop as Stop,
};

/// Ways in which an interrupted call goes on.
pub(crate) mod resume {
    pub(crate) use crate::bindings::{
        ckpt_resume_CKPT_RESUME_ALARM_NANOSLEEP as ALARM_NANOSLEEP,
        ckpt_resume_CKPT_RESUME_CPU_NANOSLEEP as CPU_NANOSLEEP,
        ckpt_resume_CKPT_RESUME_EPOLL_PWAIT as EPOLL_PWAIT,
        ckpt_resume_CKPT_RESUME_EPOLL_WAIT as EPOLL_WAIT, ckpt_resume_CKPT_RESUME_FUTEX as FUTEX,
        ckpt_resume_CKPT_RESUME_IO_GETEVENTS as IO_GETEVENTS,
        ckpt_resume_CKPT_RESUME_IO_PGETEVENTS as IO_PGETEVENTS,
        ckpt_resume_CKPT_RESUME_NANOSLEEP as NANOSLEEP, ckpt_resume_CKPT_RESUME_POLL as POLL,
        ckpt_resume_CKPT_RESUME_SEMTIMEDOP as SEMTIMEDOP,
        ckpt_resume_CKPT_RESUME_SIGTIMEDWAIT as SIGTIMEDWAIT,
        ckpt_resume_CKPT_RESUME_SOCKET as SOCKET,
    };
}

const ACTIONS: usize = bindings::_NSIG as usize;

/// All actions of a process.
pub(crate) fn actions(task: &Task) -> Result<KVVec<Action>> {
    let mut actions = KVVec::from_elem(Action::default(), ACTIONS, GFP_KERNEL)?;
    // SAFETY: There is room for an action for every signal.
    to_result(unsafe { bindings::ckpt_actions_get(task.as_ptr(), actions.as_mut_ptr()) })?;
    Ok(actions)
}

/// Sets all actions of the caller's process.
pub(crate) fn set_actions(actions: &[Action; ACTIONS]) {
    // SAFETY: The array has one action for every signal.
    unsafe { bindings::ckpt_actions_set(actions.as_ptr()) };
}

/// Drops what is queued for the caller, and for its process if asked to, unless it is about to die.
pub(crate) fn clear_pending(with_process: bool) {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_pending_clear(with_process) };
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

/// What job control has done to a process.
pub(crate) fn stop(task: &Task) -> Result<Stop> {
    let mut stop = Stop::default();
    // SAFETY: Both point to valid structs.
    to_result(unsafe { bindings::ckpt_stop_get(task.as_ptr(), &mut stop) })?;
    Ok(stop)
}

/// Does the same to the caller's process: the caller stops on its way out of the kernel.
pub(crate) fn set_stop(stop: &Stop) {
    // SAFETY: Points to a valid struct.
    unsafe { bindings::ckpt_stop_set(stop) };
}

/// Bytes of a siginfo_t, as handlers get it.
pub(crate) const SIGINFO: usize = 128;

/// The number of a queued signal.
pub(crate) fn number(queued: &Queued) -> u32 {
    queued.info.__bindgen_anon_1.si_signo as u32
}

/// The siginfo_t of a queued signal.
pub(crate) fn siginfo(queued: &Queued) -> [u8; SIGINFO] {
    let mut bytes = [0; SIGINFO];
    let size = core::mem::size_of::<bindings::kernel_siginfo_t>().min(SIGINFO);
    // SAFETY: The kernel keeps siginfos without uninitialised bytes, to copy them to users.
    let info = unsafe { core::slice::from_raw_parts((&raw const queued.info).cast::<u8>(), size) };
    if let Some(to) = bytes.get_mut(..size) {
        to.copy_from_slice(info);
    }
    bytes
}

/// A siginfo as the kernel keeps it.
pub(crate) fn queued(siginfo: &[u8; SIGINFO]) -> Result<Queued> {
    let mut queued = Queued::default();
    let size = core::mem::size_of::<bindings::kernel_siginfo_t>().min(SIGINFO);
    // SAFETY: Both are that long, and any bytes are a siginfo.
    unsafe {
        let to = (&raw mut queued.info).cast::<u8>();
        core::ptr::copy_nonoverlapping(siginfo.as_ptr(), to, size);
    }
    let is_signal = (1..=64).contains(&number(&queued));
    if !is_signal || siginfo.iter().skip(size).any(|byte| *byte != 0) {
        return Err(EINVAL);
    }
    Ok(queued)
}

/// What the handler of a signal that lost its entry gets: the number and zeros.
pub(crate) fn without_entry(number: u32) -> [u8; SIGINFO] {
    let mut bytes = [0; SIGINFO];
    if let Some(to) = bytes.get_mut(..4) {
        to.copy_from_slice(&number.to_le_bytes());
    }
    bytes
}

/// Queues a signal for the caller, or for its process, as long as not more than `limit` are queued
/// for the user. Nobody looks whether it is ignored.
pub(crate) fn restore_queued(siginfo: &[u8; SIGINFO], shared: bool, limit: u64) -> Result {
    let queued = queued(siginfo)?;
    let number = catchable(number(&queued) as i32)?;
    // SAFETY: The number is that of a signal.
    to_result(unsafe {
        bindings::restart_queue_signal(number, &queued.info, shared, limit as usize)
    })
}

/// Makes a signal pending of which only the number is known.
pub(crate) fn restore_bare(number: i32, shared: bool) -> Result {
    let number = catchable(number)?;
    // SAFETY: The number is that of a signal; without a siginfo there is nothing to count.
    to_result(unsafe { bindings::restart_queue_signal(number, core::ptr::null(), shared, 0) })
}

/// A number of a signal, but not that of SIGKILL.
fn catchable(number: i32) -> Result<i32> {
    const SIGKILL: i32 = 9;
    match number {
        SIGKILL => Err(EINVAL),
        1..=64 => Ok(number),
        _ => Err(EINVAL),
    }
}
