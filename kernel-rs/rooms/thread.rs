// SPDX-License-Identifier: GPL-2.0

//! What a thread has for itself: name, personality, signal masks, addresses that the kernel keeps
//! for it, and the objects that it uses.
//!
//! Saves: comm, personality, dumpable, tid addresses, robust list, rseq, sigaltstack, blocked and
//! saved masks, PR_SET_PDEATHSIG, timer slack, no_new_privs.
//! Refuses: everything of the table `FACTS`, a task that is traced, stopped, dying, or in vfork.
//! Locks: siglock, tasklist_lock (read), task_lock; each inside one call of the glue.

use kernel::bindings;
use kernel::prelude::*;
use zerocopy::little_endian::{U32, U64};

use crate::abstractions::task::{self, ThreadState};
use crate::capture::{Capture, FrozenTask};
use crate::format::reason::Reason;
use crate::format::task::{
    Thread, RSEQ_SLICE_ENABLED, THREAD_DUMPABLE, THREAD_DUMPABLE_ROOT, THREAD_FORKED_NO_EXEC,
    THREAD_NO_NEW_PRIVS, THREAD_RESTORE_BLOCKED,
};
use crate::format::ObjectId;
use crate::log::Refusal;

/// Things that a task has or has not, and that nothing restores yet.
const FACTS: [(u32, &str); bindings::ckpt_fact_CKPT_FACT_MAX as usize - 1] = [
    (bindings::ckpt_fact_CKPT_FACT_SECCOMP, "seccomp"),
    (
        bindings::ckpt_fact_CKPT_FACT_POSIX_TIMERS,
        "POSIX timers (timer_create)",
    ),
    (
        bindings::ckpt_fact_CKPT_FACT_ITIMERS,
        "an interval timer (setitimer, alarm)",
    ),
    (bindings::ckpt_fact_CKPT_FACT_IO_URING, "io_uring"),
    (bindings::ckpt_fact_CKPT_FACT_PERF, "performance events"),
    (
        bindings::ckpt_fact_CKPT_FACT_SEM_UNDO,
        "System V semaphores with SEM_UNDO",
    ),
    (
        bindings::ckpt_fact_CKPT_FACT_SHM,
        "System V shared memory that it made",
    ),
    (
        bindings::ckpt_fact_CKPT_FACT_MEMPOLICY,
        "a NUMA memory policy",
    ),
    (bindings::ckpt_fact_CKPT_FACT_UCLAMP, "utilisation clamps"),
    (bindings::ckpt_fact_CKPT_FACT_CORE_SCHED, "core scheduling"),
    (
        bindings::ckpt_fact_CKPT_FACT_USER_DISPATCH,
        "syscall user dispatch",
    ),
    (
        bindings::ckpt_fact_CKPT_FACT_PI_FUTEX,
        "a held priority-inheriting futex",
    ),
    (
        bindings::ckpt_fact_CKPT_FACT_COMPAT_ROBUST_LIST,
        "a 32-bit robust list",
    ),
    (bindings::ckpt_fact_CKPT_FACT_KEYRING, "a keyring"),
    (bindings::ckpt_fact_CKPT_FACT_LANDLOCK, "a landlock domain"),
    (
        bindings::ckpt_fact_CKPT_FACT_LSM_LABEL,
        "a confined security label",
    ),
    (
        bindings::ckpt_fact_CKPT_FACT_SHARED_IO_CONTEXT,
        "a shared I/O context (CLONE_IO)",
    ),
    (bindings::ckpt_fact_CKPT_FACT_UPROBES, "uprobes"),
    (
        bindings::ckpt_fact_CKPT_FACT_SPECULATION,
        "speculation control (prctl)",
    ),
    (
        bindings::ckpt_fact_CKPT_FACT_TASK_WORK,
        "kernel work that is still to do",
    ),
    (bindings::ckpt_fact_CKPT_FACT_AUTOREAP, "CLONE_AUTOREAP"),
    (bindings::ckpt_fact_CKPT_FACT_AUDIT_TTY, "tty auditing"),
    (
        bindings::ckpt_fact_CKPT_FACT_DEBUG_REGISTERS,
        "debug registers",
    ),
    (
        bindings::ckpt_fact_CKPT_FACT_IO_PORTS,
        "I/O ports (ioperm, iopl)",
    ),
    (
        bindings::ckpt_fact_CKPT_FACT_TLS_SEGMENTS,
        "TLS segments (set_thread_area)",
    ),
    (bindings::ckpt_fact_CKPT_FACT_SHADOW_STACK, "a shadow stack"),
    (
        bindings::ckpt_fact_CKPT_FACT_DYNAMIC_XSTATE,
        "registers that it asked for (AMX)",
    ),
    (bindings::ckpt_fact_CKPT_FACT_STEPPING, "single stepping"),
    (
        bindings::ckpt_fact_CKPT_FACT_TSC_OR_CPUID,
        "faulting on rdtsc or cpuid",
    ),
    (
        bindings::ckpt_fact_CKPT_FACT_MM_AIO,
        "asynchronous I/O (io_setup)",
    ),
    (
        bindings::ckpt_fact_CKPT_FACT_MM_LDT,
        "a local descriptor table (modify_ldt)",
    ),
    (
        bindings::ckpt_fact_CKPT_FACT_MM_LAM,
        "linear address masking",
    ),
    (
        bindings::ckpt_fact_CKPT_FACT_MM_PKEYS,
        "memory protection keys",
    ),
    (
        bindings::ckpt_fact_CKPT_FACT_MM_MEMBARRIER,
        "membarrier registrations",
    ),
    (
        bindings::ckpt_fact_CKPT_FACT_MM_LOCK_FUTURE,
        "mlockall(MCL_FUTURE)",
    ),
    (
        bindings::ckpt_fact_CKPT_FACT_MM_MERGE_ANY,
        "PR_SET_MEMORY_MERGE",
    ),
    (
        bindings::ckpt_fact_CKPT_FACT_MM_THP_DISABLE,
        "PR_SET_THP_DISABLE with exceptions",
    ),
    (bindings::ckpt_fact_CKPT_FACT_MM_MDWE, "PR_SET_MDWE"),
    (
        bindings::ckpt_fact_CKPT_FACT_MM_UPROBES,
        "uprobes in its memory",
    ),
];

/// SIGNAL_STOP_STOPPED, SIGNAL_STOP_CONTINUED, SIGNAL_CLD_STOPPED, SIGNAL_CLD_CONTINUED.
const SIGNAL_JOB_CONTROL: u32 = 0x1 | 0x2 | 0x10 | 0x20;
/// SIGNAL_GROUP_EXIT.
const SIGNAL_EXIT: u32 = 0x4;

/// What is in the way of saving this thread, whatever it is that it uses.
pub(crate) fn check(task: &FrozenTask, out: &mut Capture<'_>) {
    let job = task::job(&task.task);
    if job.signal_flags & SIGNAL_EXIT != 0 || task::is_gone(&task.task) {
        out.refuse(task.refusal(Reason::TaskDying));
    }
    if job.signal_flags & SIGNAL_JOB_CONTROL != 0 || job.stopping {
        out.refuse(task.refusal(Reason::TaskStopped));
    }
    if job.vfork_child {
        out.refuse(task.refusal(Reason::TaskVfork));
    }
    if job.has_tty {
        out.refuse(task.refusal(Reason::TaskTerminal));
    }
    if task::is_traced(&task.task) {
        out.refuse(task.refusal(Reason::TaskTraced));
    }
    let facts = task::facts(&task.task);
    let has = |fact: u32| 1u64.checked_shl(fact).is_some_and(|bit| facts & bit != 0);
    if has(bindings::ckpt_fact_CKPT_FACT_COMPAT_MODE) {
        out.refuse(task.refusal(Reason::TaskMode).name("32-bit"));
    }
    for (fact, name) in FACTS {
        if has(fact) {
            out.refuse(task.refusal(Reason::TaskFeature).name(name));
        }
    }
}

/// The objects that a thread uses.
pub(crate) struct Uses {
    pub(crate) space: ObjectId,
    pub(crate) descriptors: ObjectId,
    pub(crate) directories: ObjectId,
    pub(crate) actions: ObjectId,
}

/// Describes a thread.
pub(crate) fn capture(task: &FrozenTask, uses: &Uses, out: &mut Capture<'_>) -> Result {
    let state = task::thread(&task.task)?;
    let flags = [
        (state.restore_sigmask, THREAD_RESTORE_BLOCKED),
        (state.no_new_privs, THREAD_NO_NEW_PRIVS),
        (state.dumpable == DUMPABLE_USER, THREAD_DUMPABLE),
        (state.dumpable == DUMPABLE_ROOT, THREAD_DUMPABLE_ROOT),
        (state.forked_no_exec, THREAD_FORKED_NO_EXEC),
    ];
    let flags = flags
        .iter()
        .fold(0, |all, (is, flag)| if *is { all | flag } else { all });
    out.record(
        &Thread {
            task: task.id,
            address_space: uses.space,
            descriptors: uses.descriptors,
            directories: uses.directories,
            signal_actions: uses.actions,
            personality: U32::new(state.personality),
            comm: state.comm,
            clear_child_tid: U64::new(state.clear_child_tid),
            set_child_tid: U64::new(state.set_child_tid),
            robust_list: U64::new(state.robust_list),
            rseq: U64::new(state.rseq),
            rseq_length: U32::new(state.rseq_len),
            rseq_signature: U32::new(state.rseq_sig),
            rseq_flags: U32::new(if state.rseq_slice {
                RSEQ_SLICE_ENABLED
            } else {
                0
            }),
            altstack_flags: U32::new(state.altstack_flags),
            altstack_base: U64::new(state.altstack_base),
            altstack_size: U64::new(state.altstack_size),
            blocked: U64::new(state.blocked),
            saved_blocked: U64::new(state.saved_blocked),
            flags: U32::new(flags),
            parent_death_signal: U32::new(state.pdeath_signal),
            timer_slack_ns: U64::new(state.timer_slack),
            default_timer_slack_ns: U64::new(state.default_timer_slack),
        },
        &[],
    )
}

/// TASK_DUMPABLE_OWNER, TASK_DUMPABLE_ROOT.
const DUMPABLE_USER: u32 = 1;
const DUMPABLE_ROOT: u32 = 2;

/// Turns a record into what the kernel takes.
pub(crate) fn prepare(record: &Thread) -> Result<ThreadState, Refusal> {
    let value = |name, value: u64| {
        Err(Refusal::new(Reason::ImageValue, EINVAL)
            .name(name)
            .value(value))
    };
    if record.parent_death_signal.get() > 64 {
        return value(
            "parent_death_signal",
            record.parent_death_signal.get().into(),
        );
    }
    if record.comm.last() != Some(&0) {
        return value("comm", 0);
    }
    /// SS_DISABLE and SS_AUTODISARM.
    const ALTSTACK_FLAGS: u32 = 2 | 1 << 31;
    if record.altstack_flags.get() & !ALTSTACK_FLAGS != 0 {
        return value("altstack_flags", record.altstack_flags.get().into());
    }
    if record.timer_slack_ns.get() == 0 {
        return value("timer_slack_ns", 0);
    }
    let flags = record.flags.get();
    let caller = task::thread(&task::current())?;
    Ok(ThreadState {
        comm: record.comm,
        personality: record.personality.get(),
        dumpable: if flags & THREAD_DUMPABLE != 0 {
            DUMPABLE_USER
        } else if flags & THREAD_DUMPABLE_ROOT != 0 {
            DUMPABLE_ROOT
        } else {
            0
        },
        clear_child_tid: record.clear_child_tid.get(),
        set_child_tid: record.set_child_tid.get(),
        robust_list: record.robust_list.get(),
        rseq: record.rseq.get(),
        rseq_len: record.rseq_length.get(),
        rseq_sig: record.rseq_signature.get(),
        rseq_slice: record.rseq_flags.get() & RSEQ_SLICE_ENABLED != 0,
        rseq_granted: false,
        // Never less confined than the restarter.
        no_new_privs: flags & THREAD_NO_NEW_PRIVS != 0 || caller.no_new_privs,
        restore_sigmask: flags & THREAD_RESTORE_BLOCKED != 0,
        forked_no_exec: flags & THREAD_FORKED_NO_EXEC != 0,
        altstack_flags: record.altstack_flags.get(),
        altstack_base: record.altstack_base.get(),
        altstack_size: record.altstack_size.get(),
        blocked: record.blocked.get(),
        saved_blocked: record.saved_blocked.get(),
        pdeath_signal: record.parent_death_signal.get(),
        timer_slack: record.timer_slack_ns.get(),
        default_timer_slack: record.default_timer_slack_ns.get(),
    })
}

/// Registers the rseq area; the address space must hold what it held.
pub(crate) fn restore_rseq(record: &Thread) -> Result<(), Refusal> {
    if record.rseq.get() == 0 {
        return Ok(());
    }
    task::set_rseq(
        record.rseq.get(),
        record.rseq_length.get(),
        record.rseq_signature.get(),
        record.rseq_flags.get() & RSEQ_SLICE_ENABLED != 0,
    )
    .map_err(|error| {
        Refusal::new(Reason::StateNotRestored, error)
            .name("its rseq area")
            .address(record.rseq.get())
    })
}

/// Takes it on. Cannot fail.
pub(crate) fn commit(state: &ThreadState) {
    task::set_thread(state);
}

#[kunit_tests(checkpoint_thread)]
mod tests {
    use zerocopy::FromZeros;

    use super::*;

    /// Every fact that the glue tells is refused by a name, or as a mode.
    #[test]
    fn no_fact_is_passed_over() {
        for fact in 0..bindings::ckpt_fact_CKPT_FACT_MAX {
            let named = FACTS.iter().filter(|(number, _)| *number == fact).count();
            let is_mode = fact == bindings::ckpt_fact_CKPT_FACT_COMPAT_MODE;
            assert_eq!(named, usize::from(!is_mode));
        }
    }

    fn refuses(change: impl Fn(&mut Thread)) -> bool {
        let mut record = Thread::new_zeroed();
        record.timer_slack_ns = U64::new(50_000);
        change(&mut record);
        prepare(&record).is_err()
    }

    #[test]
    fn impossible_values_are_refused() {
        assert!(!refuses(|_| ()));
        assert!(refuses(|record| record.timer_slack_ns = U64::ZERO));
        assert!(refuses(|record| record.altstack_flags = U32::new(4)));
        assert!(refuses(|record| record.parent_death_signal = U32::new(65)));
        assert!(refuses(|record| record.comm = [b'x'; 16]));
    }
}
