// SPDX-License-Identifier: GPL-2.0

//! Tasks.

use kernel::bindings;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::sync::aref::ARef;
use kernel::task::Task;

use super::cgroup::Cgroup;

pub(crate) use kernel::bindings::{
    ckpt_job as Job, //
    ckpt_process as ProcessState,
    ckpt_sched as SchedulingState,
    ckpt_thread as ThreadState,
};

/// What relatives may share.
#[derive(Clone, Copy)]
pub(crate) enum Shared {
    AddressSpace,
    Descriptors,
    Directories,
    SignalActions,
}

impl Shared {
    pub(crate) const ALL: [Self; 4] = [
        Self::AddressSpace,
        Self::Descriptors,
        Self::Directories,
        Self::SignalActions,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AddressSpace => "address space",
            Self::Descriptors => "descriptor table",
            Self::Directories => "working directory and umask",
            Self::SignalActions => "signal actions",
        }
    }

    fn number(self) -> u32 {
        match self {
            Self::AddressSpace => bindings::ckpt_shared_CKPT_SHARED_MM,
            Self::Descriptors => bindings::ckpt_shared_CKPT_SHARED_FILES,
            Self::Directories => bindings::ckpt_shared_CKPT_SHARED_FS,
            Self::SignalActions => bindings::ckpt_shared_CKPT_SHARED_SIGHAND,
        }
    }
}

/// The calling task.
pub(crate) fn current() -> ARef<Task> {
    ARef::from(&**kernel::current!())
}

/// The things that a task has or has not, one bit for each `CKPT_FACT_*`.
pub(crate) fn facts(task: &Task) -> u64 {
    // SAFETY: `task` is a valid task.
    unsafe { bindings::ckpt_task_facts(task.as_ptr()) }
}

/// Is it frozen and off its CPU?
pub(crate) fn is_at_rest(task: &Task) -> bool {
    // SAFETY: `task` is a valid task.
    unsafe { bindings::ckpt_task_at_rest(task.as_ptr()) }
}

/// Is it parked in restart(2) and off its CPU? One that has just answered may still be on its way.
pub(crate) fn is_parked(task: &Task) -> bool {
    // SAFETY: `task` is a valid task.
    let parked = || unsafe { bindings::ckpt_task_parked(task.as_ptr()) };
    patiently(task, parked)
}

/// Asks again for a while, as long as the task lives.
fn patiently(task: &Task, holds: impl Fn() -> bool) -> bool {
    for _ in 0..10_000 {
        if holds() {
            return true;
        }
        if is_gone(task) {
            return false;
        }
        blink();
    }
    false
}

/// Is it dead, or about to be?
pub(crate) fn is_gone(task: &Task) -> bool {
    // SAFETY: `task` is a valid task.
    unsafe { bindings::ckpt_task_gone(task.as_ptr()) }
}

/// Is it a debugger's, or a debugger?
pub(crate) fn is_traced(task: &Task) -> bool {
    // SAFETY: `task` is a valid task.
    unsafe { bindings::ckpt_task_traced(task.as_ptr()) }
}

/// Is it a worker of the kernel's?
pub(crate) fn is_kernel(task: &Task) -> bool {
    // SAFETY: `task` is a valid task; these flags never change.
    let flags = unsafe { (&raw const (*task.as_ptr()).flags).read_volatile() };
    flags & (bindings::PF_KTHREAD | bindings::PF_USER_WORKER | bindings::PF_IO_WORKER) != 0
}

/// May the caller attach to it as a debugger?
pub(crate) fn may_attach(task: &Task) -> bool {
    // SAFETY: `task` is a valid task.
    unsafe { bindings::ckpt_task_may_read(task.as_ptr()) }
}

/// Number of one of its children, or zero.
pub(crate) fn child(task: &Task) -> i32 {
    // SAFETY: `task` is a valid task.
    unsafe { bindings::ckpt_task_child(task.as_ptr()) }
}

/// Number of a task outside the cgroup that shares `what` with it, or zero.
pub(crate) fn sharer(task: &Task, cgroup: &Cgroup, what: Shared) -> i32 {
    // SAFETY: Both are valid.
    unsafe { bindings::ckpt_task_sharer(task.as_ptr(), cgroup.as_ptr(), what.number()) }
}

/// Its number in the caller's pid namespace; zero: it has none there.
pub(crate) fn number(task: &Task) -> i32 {
    // SAFETY: `task` is a valid task.
    unsafe { bindings::ckpt_task_number(task.as_ptr()) }
}

/// Its name.
pub(crate) fn name(task: &Task) -> [u8; 16] {
    thread(task).map(|thread| thread.comm).unwrap_or_default()
}

/// Its process.
pub(crate) fn job(task: &Task) -> Job {
    let mut job = Job::default();
    // SAFETY: Both are valid.
    unsafe { bindings::ckpt_job_get(task.as_ptr(), &mut job) };
    job
}

/// What it has for itself.
pub(crate) fn thread(task: &Task) -> Result<ThreadState> {
    let mut thread = ThreadState::default();
    // SAFETY: Both are valid.
    to_result(unsafe { bindings::ckpt_thread_get(task.as_ptr(), &mut thread) })?;
    Ok(thread)
}

/// Gives the caller what a thread has for itself.
pub(crate) fn set_thread(thread: &ThreadState) {
    // SAFETY: Points to a valid struct; addresses in it are only ever used as user addresses.
    unsafe { bindings::ckpt_thread_set(thread) };
}

/// What its process has.
pub(crate) fn process(task: &Task) -> ProcessState {
    let mut process = ProcessState::default();
    // SAFETY: Both are valid.
    unsafe { bindings::ckpt_process_get(task.as_ptr(), &mut process) };
    process
}

/// Gives the caller's process what a process has.
pub(crate) fn set_process(process: &ProcessState) {
    // SAFETY: Points to a valid struct.
    unsafe { bindings::ckpt_process_set(process) };
}

/// How it is scheduled, and the CPUs it chose (empty: it did not).
pub(crate) fn scheduling(task: &Task) -> (SchedulingState, [u8; 1024], usize) {
    let mut state = SchedulingState::default();
    let mut mask = [0; 1024];
    let mut used = 0;
    // SAFETY: All are valid, and the size is that of the mask.
    unsafe {
        bindings::ckpt_sched_get(task.as_ptr(), &mut state);
        if state.has_affinity {
            used = bindings::ckpt_affinity_get(task.as_ptr(), mask.as_mut_ptr(), 1024) as usize;
        }
    }
    (state, mask, used)
}

/// Schedules the caller so, if it may.
pub(crate) fn set_scheduling(state: &SchedulingState) -> Result {
    // SAFETY: Points to a valid struct.
    to_result(unsafe { bindings::ckpt_sched_set(state) })
}

/// Binds the caller to CPUs.
pub(crate) fn set_affinity(mask: &[u8]) -> Result {
    // SAFETY: The size is that of the mask.
    to_result(unsafe { bindings::ckpt_affinity_set(mask.as_ptr(), u32::try_from(mask.len())?) })
}

/// Registers the caller's rseq area, as it was at the checkpoint.
pub(crate) fn set_rseq(address: u64, length: u32, signature: u32, slice: bool) -> Result {
    // SAFETY: The address is checked as a user address.
    to_result(unsafe {
        bindings::rseq_restore(address as *mut bindings::rseq, length, signature, slice)
    })
}

/// Sleeps for a moment; false if a signal woke the caller.
pub(crate) fn nap() -> bool {
    // SAFETY: No precondition in a context that may sleep.
    unsafe { bindings::msleep_interruptible(10) == 0 }
}

/// Sleeps for a tenth of a millisecond.
pub(crate) fn blink() {
    // SAFETY: No precondition in a context that may sleep.
    unsafe { bindings::ckpt_blink() };
}

/// Has a signal come for the caller?
pub(crate) fn is_interrupted() -> bool {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_interrupted_now() }
}

/// Number of its process in the initial pid namespace.
pub(crate) fn process_number(task: &Task) -> i32 {
    // SAFETY: `task` is a valid task.
    unsafe { bindings::ckpt_task_process(task.as_ptr()) }
}
