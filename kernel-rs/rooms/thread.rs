// SPDX-License-Identifier: GPL-2.0

//! What a thread has for itself: name, personality, signal masks, addresses that the kernel keeps
//! for it, and the objects that it uses.
//!
//! Saves: comm, personality, dumpable, tid addresses, robust list, rseq, sigaltstack, blocked and
//! saved masks, PR_SET_PDEATHSIG, timer slack, no_new_privs.
//! Refuses: everything of the table `FACTS`, a task that is traced, being stopped, or dying.
//! Locks: siglock, tasklist_lock (read), task_lock; each inside one call of the glue.

use kernel::prelude::*;
use zerocopy::little_endian::{U32, U64};
use zerocopy::FromZeros;

use crate::abstractions::creds::{capable_initially, CAP_SYS_ADMIN};
use crate::abstractions::task::{self, fact, Addresses, ThreadState};
use crate::capture::{Capture, FrozenTask};
use crate::format::reason::Reason;
use crate::format::task::{
    Thread, RSEQ_SLICE_ENABLED, THREAD_DUMPABLE, THREAD_DUMPABLE_ROOT, THREAD_FORKED_NO_EXEC,
    THREAD_NO_NEW_PRIVS, THREAD_RESTORE_BLOCKED,
};
use crate::format::{ObjectId, TaskId};
use crate::log::Refusal;

/// Things that a task has or has not, and that nothing restores yet.
const FACTS: [(u32, &str); fact::MAX as usize - 1] = [
    (fact::IO_URING, "io_uring"),
    (
        fact::IO_URING_RULES,
        "restrictions on its io_urings to come",
    ),
    (fact::PERF, "performance events"),
    (fact::CORE_SCHED, "core scheduling"),
    (fact::PI_FUTEX, "a held priority-inheriting futex"),
    (fact::LANDLOCK, "a landlock domain"),
    (fact::LSM_LABEL, "a confined security label"),
    (fact::TASK_WORK, "kernel work that is still to do"),
    (fact::AUTOREAP, "CLONE_AUTOREAP"),
    (fact::BPF_STORAGE, "BPF task local storage"),
    (fact::AUDIT_TTY, "tty auditing"),
    (fact::USER_EVENTS, "user events (trace events of its own)"),
    (fact::KCOV, "coverage of the kernel (kcov)"),
    (fact::FAULT_INJECTION, "fault injection"),
    (fact::RESCTRL, "a group of resctrl"),
    (
        fact::AUTOGROUP,
        "a nice value of its session (/proc/PID/autogroup)",
    ),
    (fact::DEBUG_REGISTERS, "debug registers"),
    (fact::IO_PORTS, "I/O ports (ioperm, iopl)"),
    (fact::SHADOW_STACK, "a shadow stack"),
    (fact::DYNAMIC_XSTATE, "registers that it asked for (AMX)"),
    (fact::STEPPING, "single stepping"),
    (
        fact::MM_REAPED,
        "memory that the kernel has taken away (out of memory)",
    ),
    (fact::MM_FLAGS, "memory with settings that are not known"),
    (fact::MM_UPROBES, "uprobes in its memory"),
];

/// SIGNAL_GROUP_EXIT.
const SIGNAL_EXIT: u32 = 0x4;

/// What is in the way of saving this thread, whatever it is that it uses.
pub(crate) fn check(task: &FrozenTask, out: &mut Capture<'_>) {
    let job = task::job(&task.task);
    if job.signal_flags & SIGNAL_EXIT != 0 || task::is_gone(&task.task) {
        out.refuse(task.refusal(Reason::TaskDying));
    }
    if job.stopping {
        out.refuse(task.refusal(Reason::TaskStopped));
    }
    if task::is_traced(&task.task) {
        out.refuse(task.refusal(Reason::TaskTraced));
    }
    let facts = task::facts(&task.task);
    let has = |fact: u32| 1u64.checked_shl(fact).is_some_and(|bit| facts & bit != 0);
    if has(fact::X32_MODE) {
        out.refuse(task.refusal(Reason::TaskMode).name("x32"));
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
    /// The first thread with the same I/O context.
    pub(crate) io_context: TaskId,
    /// The number of its list of semaphores to undo.
    pub(crate) undo_list: u32,
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
            compat_robust_list: U64::new(state.compat_robust_list),
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
            io_context: uses.io_context,
            vfork_child: task.vfork_child.unwrap_or(TaskId::new(0)),
            undo_list: U32::new(uses.undo_list),
            reserved: U32::ZERO,
        },
        &[],
    )
}

/// Describes what is left of a thread that has ended: its name, and that it uses nothing.
pub(crate) fn capture_ended(task: &FrozenTask, out: &mut Capture<'_>) -> Result {
    let state = task::thread(&task.task)?;
    let mut record = Thread::new_zeroed();
    record.task = task.id;
    record.comm = state.comm;
    record.io_context = task.id;
    record.timer_slack_ns = U64::new(state.timer_slack);
    record.default_timer_slack_ns = U64::new(state.default_timer_slack);
    let flag = |is, flag| if is { flag } else { 0 };
    record.flags = U32::new(
        flag(state.forked_no_exec, THREAD_FORKED_NO_EXEC)
            | flag(state.no_new_privs, THREAD_NO_NEW_PRIVS),
    );
    out.record(&record, &[])
}

/// SIGKILL and SIGSTOP.
const NEVER_BLOCKED: u64 = 1 << 8 | 1 << 18;

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
    /// SS_ONSTACK, SS_DISABLE and SS_AUTODISARM.
    const ALTSTACK_FLAGS: u32 = 1 | 2 | 1 << 31;
    if record.altstack_flags.get() & !ALTSTACK_FLAGS != 0 {
        return value("altstack_flags", record.altstack_flags.get().into());
    }
    let flags = record.flags.get();
    // A core dump of such a program is a file of root's, wherever the pattern says.
    if flags & THREAD_DUMPABLE_ROOT != 0
        && !task::dumps_as_root()
        && !capable_initially(CAP_SYS_ADMIN)
    {
        return Err(Refusal::new(Reason::RestoreNotPermitted, EPERM)
            .name("its core dumps (fs.suid_dumpable)"));
    }
    let no_new_privs = has_no_new_privs(record);
    if task::thread(&task::current())?.no_new_privs && !no_new_privs {
        return Err(Refusal::new(Reason::RestarterConfined, EPERM).name("no_new_privs"));
    }
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
        compat_robust_list: record.compat_robust_list.get(),
        rseq: record.rseq.get(),
        rseq_len: record.rseq_length.get(),
        rseq_sig: record.rseq_signature.get(),
        rseq_slice: record.rseq_flags.get() & RSEQ_SLICE_ENABLED != 0,
        rseq_granted: false,
        no_new_privs,
        restore_sigmask: flags & THREAD_RESTORE_BLOCKED != 0,
        forked_no_exec: flags & THREAD_FORKED_NO_EXEC != 0,
        altstack_flags: record.altstack_flags.get(),
        altstack_base: record.altstack_base.get(),
        altstack_size: record.altstack_size.get(),
        blocked: record.blocked.get() & !NEVER_BLOCKED,
        saved_blocked: record.saved_blocked.get() & !NEVER_BLOCKED,
        pdeath_signal: record.parent_death_signal.get(),
        timer_slack: record.timer_slack_ns.get(),
        default_timer_slack: record.default_timer_slack_ns.get(),
    })
}

/// Could the thread never gain rights by execve(2)?
pub(crate) fn has_no_new_privs(record: &Thread) -> bool {
    record.flags.get() & THREAD_NO_NEW_PRIVS != 0
}

/// Registers the rseq area; the address space must hold what it held.
pub(crate) fn restore_rseq(record: &Thread, in_call: bool) -> Result<(), Refusal> {
    if record.rseq.get() == 0 {
        return Ok(());
    }
    let state = ThreadState {
        rseq: record.rseq.get(),
        rseq_len: record.rseq_length.get(),
        rseq_sig: record.rseq_signature.get(),
        rseq_slice: record.rseq_flags.get() & RSEQ_SLICE_ENABLED != 0,
        ..ThreadState::default()
    };
    task::set_rseq(&state, in_call).map_err(|error| {
        Refusal::new(Reason::StateNotRestored, error)
            .name("its rseq area")
            .address(record.rseq.get())
    })
}

/// Takes it on, but for where it will write to when it ends. Cannot fail.
pub(crate) fn commit(state: &ThreadState) {
    task::set_thread(state);
}

/// Now its end may be seen: the caller is let go. A thread that is killed before, because the restart
/// fails, must not mark mutexes as those of a dead owner, which lie in memory that others have too.
pub(crate) fn commit_addresses(record: &Thread) {
    let addresses = Addresses {
        clear_child_tid: record.clear_child_tid.get(),
        robust_list: record.robust_list.get(),
        compat_robust_list: record.compat_robust_list.get(),
    };
    task::set_addresses(&task::current(), addresses);
}

#[kunit_tests(checkpoint_thread)]
mod tests {
    use super::*;

    /// Every fact that the glue tells is refused by a name, or as a mode.
    #[test]
    fn no_fact_is_passed_over() {
        for fact in 0..fact::MAX {
            let named = FACTS.iter().filter(|(number, _)| *number == fact).count();
            let is_mode = fact == fact::X32_MODE;
            assert_eq!(named, usize::from(!is_mode));
        }
    }

    fn refuses(change: impl Fn(&mut Thread)) -> bool {
        let mut record = Thread::new_zeroed();
        change(&mut record);
        prepare(&record).is_err()
    }

    #[test]
    fn impossible_values_are_refused() {
        assert!(!refuses(|_| ()));
        assert!(refuses(|record| record.altstack_flags = U32::new(4)));
        assert!(refuses(|record| record.parent_death_signal = U32::new(65)));
        assert!(refuses(|record| record.comm = [b'x'; 16]));
    }
}
