// SPDX-License-Identifier: GPL-2.0

//! Pids, the forest, processes and threads.

use zerocopy::little_endian::{I32, U16, U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Address, Mask32, Mask64, ObjectId, TaskId};
use super::Problem;

/// Most levels of pid namespaces (the kernel's limit).
pub const MAX_PID_LEVELS: u32 = 32;

/// Most that a pid can be, and one more (the kernel's limit for kernel.pid_max).
pub const PID_LIMIT: u32 = 4 * 1024 * 1024;

/// A pid namespace: the container's own, which is the first of them, or one inside of it. Each has a
/// first process, number 1, unless nobody is in it: then it is only for children to come.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct PidSpace {
    /// The object that this record declares.
    pub id: ObjectId,
    /// The one that it lies in; none: it is the container's own.
    pub parent: ObjectId,
    /// kernel.pid_max.
    pub most: U32,
    /// The number that the next new task gets, if it is free; kernel.ns_last_pid and one more.
    pub next: U32,
    /// vm.memfd_noexec.
    pub memfd_noexec: U32,
    /// Bits of `PID_SPACE_*`.
    pub flags: U32,
}
record!(PidSpace, bits flags = PID_SPACE_CLOSED, rule has_possible_numbers);

/// Its first process has ended: nobody comes into it any more.
pub const PID_SPACE_CLOSED: u32 = 1 << 0;

impl PidSpace {
    fn has_possible_numbers(&self) -> Result<(), Problem> {
        for (name, value, range) in [
            ("most", self.most.get(), 1..=PID_LIMIT),
            ("next", self.next.get(), 0..=PID_LIMIT),
            ("memfd_noexec", self.memfd_noexec.get(), 0..=2),
        ] {
            if !range.contains(&value) {
                return Err(Problem::Value(name, value.into()));
            }
        }
        Ok(())
    }
}

/// A process id. The tail is `levels` numbers (`I32`), the container's own level first.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Pid {
    /// The object that this record declares.
    pub id: ObjectId,
    /// Numbers in the tail, at least one.
    pub levels: U32,
    /// The `PidSpace` of the last number; none: the container's own.
    pub space: ObjectId,
}
record!(Pid, tail numbers_length, rule has_levels);

impl Pid {
    fn numbers_length(&self) -> u64 {
        u64::from(self.levels.get()).saturating_mul(4)
    }

    fn has_levels(&self) -> Result<(), Problem> {
        match self.levels.get() {
            1..=MAX_PID_LEVELS => Ok(()),
            levels => Err(Problem::Value("levels", levels.into())),
        }
    }
}

/// A task's place among the others. The record's position among the members is its [`TaskId`].
/// The threads of a process follow their leader; children come after all threads of their parent, and
/// those of one thread in the order in which wait(2) finds them. All threads of a process have the
/// same parent, group and session.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Member {
    /// Its `Pid` object.
    pub pid: ObjectId,
    /// Thread group leader; itself for a leader.
    pub leader: TaskId,
    /// The very thread that made or adopted its process, or outside.
    pub parent: TaskId,
    /// Process group, a `Pid` object, or none: the restarter's. No member needs to have that pid: a
    /// group outlives its leader.
    pub group: ObjectId,
    /// Session, a `Pid` object, or none: the restarter's.
    pub session: ObjectId,
    /// Signal that its parent gets when its process ends; SIGCHLD, if the parent is outside.
    pub exit_signal: I32,
    /// Bits of `MEMBER_*`.
    pub flags: U32,
    /// How it has ended, as wait(2) tells.
    pub status: U32,
    /// The `PidSpace` that its children will be in (unshare(2), setns(2)); none: its own.
    pub space_of_children: ObjectId,
}
record!(Member, bits flags = MEMBER_BITS, rule is_somebodys_child);

impl Member {
    /// What a parent outside gets, whoever it is: an image sends no other signal out of the container.
    pub(crate) const SIGCHLD: i32 = 17;

    /// It has a status only if it has ended, and sends its parent no signal that it must not.
    fn is_somebodys_child(&self) -> Result<(), Problem> {
        let status = self.status.get();
        let most = if self.has_ended() { 0xffff } else { 0 };
        if status > most {
            return Err(Problem::Value("status", status.into()));
        }
        let signal = self.exit_signal.get();
        let is_outside = self.parent == TaskId::OUTSIDE;
        if !(0..=64).contains(&signal) || is_outside && signal != Self::SIGCHLD {
            return Err(Problem::Value("exit_signal", u64::from(signal as u32)));
        }
        Ok(())
    }

    /// It is only there to be waited for, or for the other threads of its process.
    pub fn has_ended(&self) -> bool {
        self.flags.get() & MEMBER_ENDED != 0
    }
}

const MEMBER_BITS: u32 = MEMBER_GROUP_LEADER | MEMBER_SESSION_LEADER | MEMBER_ENDED;

/// The member leads its process group.
pub const MEMBER_GROUP_LEADER: u32 = 1 << 0;
/// The member leads its session.
pub const MEMBER_SESSION_LEADER: u32 = 1 << 1;
/// The member has ended: it has no more than a `Thread` without objects, `Credentials` and `Usage`,
/// and what its process has if other threads of it live.
pub const MEMBER_ENDED: u32 = 1 << 2;

/// What a process has as a whole.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Process {
    /// The thread group leader.
    pub task: TaskId,
    /// /proc/PID/oom_score_adj.
    pub oom_score_adj: I32,
    /// Lowest value that an unprivileged writer may still set.
    pub oom_score_adj_min: I32,
    /// Bits of `PROCESS_*`.
    pub flags: U32,
    /// When it started, on the container's CLOCK_BOOTTIME.
    pub start_boottime_ns: U64,
    /// Soft and hard limit of each resource, as getrlimit gives them.
    pub limits: [super::limits::Limit; super::limits::RESOURCES],
    /// The member that may trace it, with its descendants (`PROCESS_TRACER`); zero without.
    pub tracer: TaskId,
    /// Zero.
    pub reserved: U32,
}
record!(
    Process,
    zero reserved,
    bits flags = PROCESS_CHILD_SUBREAPER | PROCESS_TRACER | PROCESS_TRACER_ANY,
    rule has_one_tracer
);

impl Process {
    /// Whom PR_SET_PTRACER names is a member, or anybody, or nobody.
    fn has_one_tracer(&self) -> Result<(), Problem> {
        let tracer = self.flags.get() & (PROCESS_TRACER | PROCESS_TRACER_ANY);
        if tracer == PROCESS_TRACER | PROCESS_TRACER_ANY {
            return Err(Problem::Value("flags", self.flags.get().into()));
        }
        if tracer != PROCESS_TRACER && self.tracer.get() != 0 {
            return Err(Problem::Value("tracer", self.tracer.get().into()));
        }
        Ok(())
    }
}

/// PR_SET_CHILD_SUBREAPER.
pub const PROCESS_CHILD_SUBREAPER: u32 = 1 << 0;
/// `tracer` and its descendants may trace it, whatever Yama's scope says (PR_SET_PTRACER).
pub const PROCESS_TRACER: u32 = 1 << 1;
/// Anybody may (PR_SET_PTRACER_ANY).
pub const PROCESS_TRACER_ANY: u32 = 1 << 2;

/// What a thread has for itself.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Thread {
    /// The thread.
    pub task: TaskId,
    /// Its `AddressSpace`.
    pub address_space: ObjectId,
    /// Its `DescriptorTable`.
    pub descriptors: ObjectId,
    /// Its `Directories`.
    pub directories: ObjectId,
    /// Its `SignalActions`.
    pub signal_actions: ObjectId,
    /// personality(2).
    pub personality: Mask32,
    /// Name, zero padded (PR_SET_NAME).
    pub comm: [u8; 16],
    /// set_tid_address(2).
    pub clear_child_tid: Address,
    /// CLONE_CHILD_SETTID address, as the kernel remembers it.
    pub set_child_tid: Address,
    /// set_robust_list(2).
    pub robust_list: Address,
    /// rseq(2): address of the area, or zero.
    pub rseq: Address,
    /// rseq(2): registered length.
    pub rseq_length: U32,
    /// rseq(2): signature before abort handlers.
    pub rseq_signature: Mask32,
    /// rseq(2): bits of `RSEQ_*`.
    pub rseq_flags: U32,
    /// sigaltstack(2): flags.
    pub altstack_flags: Mask32,
    /// sigaltstack(2): address.
    pub altstack_base: Address,
    /// sigaltstack(2): size.
    pub altstack_size: Mask64,
    /// Blocked signals.
    pub blocked: Mask64,
    /// Mask to put back when an interrupted sigsuspend, ppoll, pselect or epoll_pwait ends.
    pub saved_blocked: Mask64,
    /// Bits of `THREAD_*`.
    pub flags: U32,
    /// PR_SET_PDEATHSIG.
    pub parent_death_signal: U32,
    /// PR_SET_TIMERSLACK, nanoseconds.
    pub timer_slack_ns: U64,
    /// The value that PR_SET_TIMERSLACK 0 goes back to.
    pub default_timer_slack_ns: U64,
    /// set_robust_list(2) by a 32-bit system call.
    pub compat_robust_list: Address,
    /// The first thread that has the same I/O context (CLONE_IO): itself, unless it shares one.
    pub io_context: TaskId,
    /// The thread behind this one whose execve(2) or end it waits for, in the middle of vfork(2); its
    /// registers are those of that call. Zero: it does not wait.
    pub vfork_child: TaskId,
    /// The list of what System V semaphores get back when the last thread that shares it ends
    /// (CLONE_SYSVSEM): the place of the first thread with this number, and one. Zero: none.
    pub undo_list: U32,
    /// Must be zero.
    pub reserved: U32,
}
record!(Thread, zero reserved, bits rseq_flags = RSEQ_SLICE_ENABLED, bits flags = THREAD_BITS);

const THREAD_BITS: u32 = THREAD_RESTORE_BLOCKED
    | THREAD_NO_NEW_PRIVS
    | THREAD_DUMPABLE
    | THREAD_DUMPABLE_ROOT
    | THREAD_FORKED_NO_EXEC;

/// `saved_blocked` counts.
pub const THREAD_RESTORE_BLOCKED: u32 = 1 << 0;
/// PR_SET_NO_NEW_PRIVS.
pub const THREAD_NO_NEW_PRIVS: u32 = 1 << 1;
/// PR_SET_DUMPABLE 1.
pub const THREAD_DUMPABLE: u32 = 1 << 2;
/// Dumpable by root only (fs.suid_dumpable 2).
pub const THREAD_DUMPABLE_ROOT: u32 = 1 << 3;
/// The task was forked and has not called execve (`PF_FORKNOEXEC`, accounting's AFORK).
pub const THREAD_FORKED_NO_EXEC: u32 = 1 << 4;

/// The time slice extension is enabled.
pub const RSEQ_SLICE_ENABLED: u32 = 1 << 0;

/// nice, policy, affinity. The tail is the mask of CPUs that it asked for, bit n of byte n/8 for
/// CPU n, and after it the mask that it got; empty: any CPU.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Scheduling {
    /// The thread.
    pub task: TaskId,
    /// SCHED_OTHER, SCHED_BATCH, SCHED_IDLE, SCHED_FIFO, SCHED_RR, SCHED_DEADLINE.
    pub policy: U32,
    /// Flags of `struct sched_attr`.
    pub flags: Mask64,
    /// nice(2).
    pub nice: I32,
    /// Real-time priority.
    pub priority: U32,
    /// ioprio_set(2).
    pub io_priority: U16,
    /// Must be zero.
    pub reserved: [U16; 3],
    /// sched_setattr(2): slice, zero for the default; of SCHED_DEADLINE: runtime.
    pub runtime_ns: U64,
    /// SCHED_DEADLINE: relative deadline.
    pub deadline_ns: U64,
    /// SCHED_DEADLINE: period.
    pub period_ns: U64,
    /// sched_setattr(2): least utilisation that it is taken for, if `flags` say so.
    pub least_utilisation: U32,
    /// The same, most.
    pub most_utilisation: U32,
    /// Bytes of the tail that are the mask it got; zero: it got all that it asked for.
    pub granted_length: U32,
    /// Of SCHED_DEADLINE: the slice that it will have under an ordinary policy, zero for the default.
    pub later_slice_ns: U32,
}
record!(
    Scheduling,
    zero reserved,
    rule has_a_nice_value
);

impl Scheduling {
    /// The call would bring any other one into range; the kernel itself takes it as it is.
    fn has_a_nice_value(&self) -> Result<(), Problem> {
        match self.nice.get() {
            -20..=19 => Ok(()),
            nice => Err(Problem::Value("nice", nice as u64)),
        }
    }
}

/// Largest tail of a `Scheduling` record: two masks of 8192 CPUs.
pub const MAX_AFFINITY: u64 = 2048;
