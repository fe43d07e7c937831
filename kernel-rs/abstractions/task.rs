// SPDX-License-Identifier: GPL-2.0

//! Tasks.

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::sync::aref::ARef;
use kernel::task::Task;

use super::namespaces::monotonic_ns;

pub(crate) use crate::bindings::{
    ckpt_job as Job, //
    ckpt_process as ProcessState,
    ckpt_sched as SchedulingState,
    ckpt_thread as ThreadState,
    ckpt_usage as Usage,
    ckpt_usage_of as UsageOf,
    ckpt_usage_of_CKPT_USAGE_CHILDREN as CHILDREN,
    ckpt_usage_of_CKPT_USAGE_ENDED as ENDED,
    ckpt_usage_of_CKPT_USAGE_THREAD as THREAD,
};

/// Places of the limits of descriptors and of queued signals among the limits.
pub(crate) const RLIMIT_NOFILE: usize = bindings::RLIMIT_NOFILE as usize;
pub(crate) const RLIMIT_SIGPENDING: usize = bindings::RLIMIT_SIGPENDING as usize;

/// Numbers of the things that `facts` tells.
pub(crate) mod fact {
    pub(crate) use crate::bindings::{
        ckpt_fact_CKPT_FACT_AUDIT_TTY as AUDIT_TTY, ckpt_fact_CKPT_FACT_AUTOGROUP as AUTOGROUP,
        ckpt_fact_CKPT_FACT_AUTOREAP as AUTOREAP, ckpt_fact_CKPT_FACT_BPF_STORAGE as BPF_STORAGE,
        ckpt_fact_CKPT_FACT_CORE_SCHED as CORE_SCHED,
        ckpt_fact_CKPT_FACT_DEBUG_REGISTERS as DEBUG_REGISTERS,
        ckpt_fact_CKPT_FACT_DYNAMIC_XSTATE as DYNAMIC_XSTATE,
        ckpt_fact_CKPT_FACT_FAULT_INJECTION as FAULT_INJECTION,
        ckpt_fact_CKPT_FACT_IO_PORTS as IO_PORTS, ckpt_fact_CKPT_FACT_IO_URING as IO_URING,
        ckpt_fact_CKPT_FACT_IO_URING_RULES as IO_URING_RULES, ckpt_fact_CKPT_FACT_KCOV as KCOV,
        ckpt_fact_CKPT_FACT_LANDLOCK as LANDLOCK, ckpt_fact_CKPT_FACT_LSM_LABEL as LSM_LABEL,
        ckpt_fact_CKPT_FACT_MAX as MAX, ckpt_fact_CKPT_FACT_MM_FLAGS as MM_FLAGS,
        ckpt_fact_CKPT_FACT_MM_REAPED as MM_REAPED, ckpt_fact_CKPT_FACT_MM_UPROBES as MM_UPROBES,
        ckpt_fact_CKPT_FACT_PERF as PERF, ckpt_fact_CKPT_FACT_PI_FUTEX as PI_FUTEX,
        ckpt_fact_CKPT_FACT_RESCTRL as RESCTRL, ckpt_fact_CKPT_FACT_SHADOW_STACK as SHADOW_STACK,
        ckpt_fact_CKPT_FACT_STEPPING as STEPPING, ckpt_fact_CKPT_FACT_TASK_WORK as TASK_WORK,
        ckpt_fact_CKPT_FACT_USER_EVENTS as USER_EVENTS, ckpt_fact_CKPT_FACT_X32_MODE as X32_MODE,
    };
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

/// Is it frozen and off its CPU? A signal that has just come wakes it for a moment.
pub(crate) fn is_at_rest(task: &Task) -> bool {
    // SAFETY: `task` is a valid task.
    let at_rest = || unsafe { bindings::ckpt_task_at_rest(task.as_ptr()) };
    patiently(task, 200, at_rest)
}

/// Is it parked in restart(2) and off its CPU? One that has just answered may still be on its way.
pub(crate) fn is_parked(task: &Task) -> bool {
    // SAFETY: `task` is a valid task.
    let parked = || unsafe { bindings::ckpt_task_parked(task.as_ptr()) };
    patiently(task, 10_000, parked)
}

/// Asks again, so many times, as long as the task lives.
fn patiently(task: &Task, times: u32, holds: impl Fn() -> bool) -> bool {
    for _ in 0..times {
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

/// Its number in the caller's pid namespace; zero: it has none there.
pub(crate) fn number(task: &Task) -> i32 {
    // SAFETY: `task` is a valid task.
    unsafe { bindings::ckpt_task_number(task.as_ptr()) }
}

/// Its name.
pub(crate) fn name(task: &Task) -> [u8; 16] {
    thread(task).map(|thread| thread.comm).unwrap_or_default()
}

/// Tells whether a number of a process or group is that of this task, while both are held.
pub(crate) fn pid_identity(task: &Task) -> usize {
    // SAFETY: `task` is a valid task, which holds the struct.
    unsafe { bindings::ckpt_task_pid(task.as_ptr()) as usize }
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

/// Where a thread writes to when it ends; zero: nowhere.
#[derive(Clone, Copy, Default)]
pub(crate) struct Addresses {
    pub(crate) clear_child_tid: u64,
    pub(crate) robust_list: u64,
    pub(crate) compat_robust_list: u64,
}

/// Gives them to the caller, or to a task that does not run before the restart is over.
pub(crate) fn set_addresses(task: &Task, to: Addresses) {
    let (robust_list, compat) = (to.robust_list, to.compat_robust_list);
    // SAFETY: `task` is a valid task; the addresses are only ever used as user addresses.
    unsafe { bindings::ckpt_addresses_set(task.as_ptr(), to.clear_child_tid, robust_list, compat) };
}

/// Gives the caller what a thread has for itself, but for its `Addresses`, of which it has none then.
pub(crate) fn set_thread(thread: &ThreadState) {
    // SAFETY: Points to a valid struct; addresses in it are only ever used as user addresses.
    unsafe { bindings::ckpt_thread_set(thread) };
}

/// Does execve(2) make programs dumpable by root only (fs.suid_dumpable)?
pub(crate) fn dumps_as_root() -> bool {
    // SAFETY: Takes nothing.
    unsafe { bindings::ckpt_dumps_as_root() }
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

/// Raises soft limits of the caller's process to the hard ones, or all of them above any number.
pub(crate) fn widen_limits(without_end: bool) {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_limits_widen(without_end) };
}

/// Kills its process, wherever that is.
pub(crate) fn kill(task: &Task) {
    // SAFETY: The task is valid.
    unsafe { bindings::ckpt_task_kill(task.as_ptr()) };
}

/// fs.nr_open: nobody may have more descriptors.
pub(crate) fn most_descriptors() -> u64 {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_limit_of_descriptors() }.into()
}

/// How it is scheduled.
pub(crate) fn scheduling(task: &Task) -> SchedulingState {
    let mut state = SchedulingState::default();
    // SAFETY: Both are valid.
    unsafe { bindings::ckpt_sched_get(task.as_ptr(), &mut state) };
    state
}

/// A set of CPUs: bit n of byte n/8 for CPU n.
pub(crate) struct Cpus {
    mask: [u8; 1024],
    used: usize,
}

impl Cpus {
    /// Those that the task may run on.
    pub(crate) fn granted(task: &Task) -> Self {
        Self::filled(|mask, size| {
            // SAFETY: All are valid, and the size is that of the mask.
            unsafe { bindings::ckpt_affinity_get(task.as_ptr(), mask, size) }
        })
    }

    /// Those that it asked for; none: it did not ask.
    pub(crate) fn wanted(task: &Task) -> Self {
        Self::filled(|mask, size| {
            // SAFETY: As above.
            unsafe { bindings::ckpt_affinity_wanted(task.as_ptr(), mask, size) }
        })
    }

    fn filled(fill: impl FnOnce(*mut u8, u32) -> u32) -> Self {
        let mut mask = [0; 1024];
        let used = fill(mask.as_mut_ptr(), 1024) as usize;
        Self { mask, used }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.mask.get(..self.used).unwrap_or(&[])
    }
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

/// Registers the caller's rseq area, as it was at the checkpoint, inside a system call or not.
pub(crate) fn set_rseq(state: &ThreadState, in_call: bool) -> Result {
    // SAFETY: Points to a valid struct; the address is checked as a user address.
    to_result(unsafe { bindings::ckpt_rseq_set(state, in_call) })
}

/// Sleeps for a moment; false if a signal woke the caller.
pub(crate) fn nap() -> bool {
    // SAFETY: No precondition in a context that may sleep.
    unsafe { bindings::msleep_interruptible(10) == 0 }
}

/// Sleeps for a tenth of a millisecond.
fn blink() {
    // SAFETY: No precondition in a context that may sleep.
    unsafe { bindings::ckpt_blink() };
}

/// Looks every now and then, for so many milliseconds at most: is it so in the end?
pub(crate) fn wait_until(milliseconds: u32, mut is_so: impl FnMut() -> bool) -> bool {
    let end = monotonic_ns().saturating_add(i64::from(milliseconds).saturating_mul(1_000_000));
    loop {
        // Once more when the time is over: it may have been spent elsewhere.
        let is_over = monotonic_ns() >= end;
        if is_so() {
            return true;
        }
        if is_over {
            return false;
        }
        blink();
    }
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

/// What a thread has used, or its process.
pub(crate) fn usage(task: &Task, whose: UsageOf) -> Usage {
    let mut usage = Usage::default();
    // SAFETY: Both are valid.
    unsafe { bindings::ckpt_usage_get(task.as_ptr(), whose, &mut usage) };
    usage
}

/// Sets what a parked task has used.
pub(crate) fn set_usage(task: &Task, whose: UsageOf, usage: &Usage) {
    // SAFETY: Both are valid, and the task is parked.
    unsafe { bindings::ckpt_usage_set(task.as_ptr(), whose, usage) };
}

/// Sets when a parked task started, by the host's clocks.
pub(crate) fn set_start(task: &Task, boottime: u64, monotonic: u64) {
    // SAFETY: The task is valid, and parked.
    unsafe { bindings::ckpt_start_set(task.as_ptr(), boottime, monotonic) };
}
