// SPDX-License-Identifier: GPL-2.0

//! Signal actions, queued signals, job control.

use zerocopy::little_endian::U32;
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Address, Mask64, ObjectId, TaskId};
use super::Problem;

/// Signals 1 to 64.
pub const SIGNALS: usize = 64;

/// One signal action, as rt_sigaction gives it.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct SignalAction {
    /// SIG_DFL, SIG_IGN or the handler.
    pub handler: Address,
    /// SA_* bits.
    pub flags: Mask64,
    /// Where the handler returns to.
    pub restorer: Address,
    /// Signals blocked while it runs.
    pub mask: Mask64,
}

/// All actions of a process.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct SignalActions {
    /// The object that this record declares.
    pub id: ObjectId,
    /// Must be zero.
    pub reserved: U32,
    /// Signal n at index n - 1.
    pub actions: [SignalAction; SIGNALS],
    /// Bit n - 1: the action for signal n was set by a 32-bit system call, so that its handler gets
    /// a 32-bit frame.
    pub compat: Mask64,
}
record!(SignalActions, zero reserved);

/// A queued signal.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct PendingSignal {
    /// Whom it waits for.
    pub task: TaskId,
    /// Bits of `PENDING_*`.
    pub flags: U32,
    /// The siginfo_t that its handler gets.
    pub siginfo: [u8; 128],
}
record!(PendingSignal, bits flags = PENDING_BITS, rule is_consistent);

const PENDING_BITS: u32 = PENDING_SHARED
    | PENDING_TIMER
    | PENDING_STALE
    | PENDING_PERIODIC
    | PENDING_IGNORED
    | PENDING_DELETED
    | PENDING_WITHOUT_ENTRY;

/// Queued for the whole process, not for one thread.
pub const PENDING_SHARED: u32 = 1 << 0;
/// The signal of a POSIX timer, the one that `si_timerid` names.
pub const PENDING_TIMER: u32 = 1 << 1;
/// The timer has been set again since: the signal is dropped when it is taken.
pub const PENDING_STALE: u32 = 1 << 2;
/// The timer was periodic when it fired.
pub const PENDING_PERIODIC: u32 = 1 << 3;
/// Not queued, but put aside for as long as it is ignored.
pub const PENDING_IGNORED: u32 = 1 << 4;
/// The timer has been deleted since; its id may be another's by now.
pub const PENDING_DELETED: u32 = 1 << 5;
/// Only the number counts: the queue was full when it came, or the kernel out of memory.
pub const PENDING_WITHOUT_ENTRY: u32 = 1 << 8;

/// A process that job control has stopped, or continued, and what its parent has not heard of that.
/// Written only for those.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct JobControl {
    /// The process.
    pub task: TaskId,
    /// Bits of `JOB_*`.
    pub flags: U32,
    /// The signal that stopped it, SIGSTOP to SIGTTOU; zero: it is not stopped.
    pub stop_signal: U32,
    /// What waitpid(WUNTRACED) of its parent will still report: that signal, or zero.
    pub unreported: U32,
}
record!(
    JobControl,
    bits flags = JOB_CONTINUED | JOB_TELL_STOPPED | JOB_TELL_CONTINUED,
    one stop_signal = 0 | 19..=22,
    one unreported = 0 | 19..=22
);

/// It was continued, and waitid(WCONTINUED) of its parent will still report that.
pub const JOB_CONTINUED: u32 = 1 << 0;
/// Its parent gets SIGCHLD for the stop as soon as it runs.
pub const JOB_TELL_STOPPED: u32 = 1 << 1;
/// Its parent gets SIGCHLD for the end of the stop as soon as it runs.
pub const JOB_TELL_CONTINUED: u32 = 1 << 2;

/// Where `si_code` lies in a siginfo_t.
const SI_CODE: usize = 8;

/// Where `si_timerid` lies in a siginfo_t.
const SI_TIMERID: usize = 16;

/// The signal of ITIMER_REAL.
const SIGALRM: u32 = 14;
/// The signal of an open file, if its owner has not chosen another.
const SIGIO: u32 = 29;
/// Sent by the kernel, for no reason that has a number of its own.
const SI_KERNEL: u32 = 0x80;

impl PendingSignal {
    /// Its number.
    pub fn number(&self) -> i32 {
        let number = self.siginfo.first_chunk();
        number.map_or(0, |number| i32::from_le_bytes(*number))
    }

    /// What it comes from (`si_code`).
    pub fn code(&self) -> i32 {
        let code = self.siginfo.get(SI_CODE..).and_then(<[u8]>::first_chunk);
        code.map_or(0, |code| i32::from_le_bytes(*code))
    }

    /// Was it sent by a timer, by what is in the container itself (a child that has ended), or by a
    /// file that somebody does something to: not by somebody to the container?
    pub fn comes_by_itself(&self) -> bool {
        let by_kernel = self.code() == SI_KERNEL as i32;
        let number = self.number();
        self.has(PENDING_TIMER)
            || (by_kernel && (number == SIGALRM as i32 || number == SIGIO as i32))
            || (!by_kernel && self.code() > 0)
    }

    /// Has it this flag?
    pub fn has(&self, flag: u32) -> bool {
        self.flags.get() & flag != 0
    }

    /// The timer that it belongs to, if it is a timer's.
    pub fn timer(&self) -> Option<u32> {
        let id = self.siginfo.get(SI_TIMERID..)?.first_chunk()?;
        self.has(PENDING_TIMER).then_some(u32::from_le_bytes(*id))
    }

    fn is_consistent(&self) -> Result<(), Problem> {
        let of_timers = PENDING_STALE | PENDING_PERIODIC | PENDING_IGNORED | PENDING_DELETED;
        let put_aside = self.has(PENDING_IGNORED);
        if self.has(of_timers) && !self.has(PENDING_TIMER)
            || put_aside && (self.has(PENDING_DELETED) || !self.has(PENDING_PERIODIC))
        {
            return Err(Problem::Value("flags", self.flags.get().into()));
        }
        Ok(())
    }
}
