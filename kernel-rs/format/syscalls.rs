// SPDX-License-Identifier: GPL-2.0

//! Interrupted system calls that remember how to go on.

use zerocopy::little_endian::{I32, I64, U32};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Address, Mask32, Mask64, TaskId};

/// clock_nanosleep, nanosleep.
pub const RESUME_NANOSLEEP: u32 = 1;
/// poll.
pub const RESUME_POLL: u32 = 2;
/// futex FUTEX_WAIT.
pub const RESUME_FUTEX: u32 = 3;
/// clock_nanosleep on an alarm clock.
pub const RESUME_ALARM_NANOSLEEP: u32 = 4;
/// clock_nanosleep on a CPU-time clock.
pub const RESUME_CPU_NANOSLEEP: u32 = 5;
/// rt_sigtimedwait.
pub const RESUME_SIGTIMEDWAIT: u32 = 6;
/// epoll_wait, or epoll_pwait without a mask.
pub const RESUME_EPOLL_WAIT: u32 = 7;
/// epoll_pwait, epoll_pwait2 with a mask.
pub const RESUME_EPOLL_PWAIT: u32 = 8;
/// semtimedop.
pub const RESUME_SEMTIMEDOP: u32 = 9;
/// io_getevents, or io_pgetevents without a mask.
pub const RESUME_IO_GETEVENTS: u32 = 10;
/// io_pgetevents with a mask.
pub const RESUME_IO_PGETEVENTS: u32 = 11;
/// A call on a socket with SO_RCVTIMEO or SO_SNDTIMEO. It is made again; restart_syscall(2) has no
/// part in it.
pub const RESUME_SOCKET: u32 = 12;

/// What the call needs to go on. Which fields count depends on `what`; the others are zero.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct InterruptedSyscall {
    /// The thread.
    pub task: TaskId,
    /// One of `RESUME_*`.
    pub what: U32,
    /// nanosleep: the clock that it sleeps on.
    pub clock: I32,
    /// futex: operation flags, `FUTEX_*` of futex(2) (private, clock realtime).
    pub flags: Mask32,
    /// When it ends, on the container's clock; nanoseconds.
    pub deadline_ns: I64,
    /// nanosleep: where to write what remains; poll: the array; futex: the word; sigtimedwait: where
    /// to write the siginfo; semtimedop: the operations; epoll_wait, io_getevents: the room for events;
    /// socket: the stack pointer of the call.
    pub address: Address,
    /// futex: value expected; poll, semtimedop: entries in the array; epoll_wait, io_getevents: room
    /// in it.
    pub value: U32,
    /// futex: bit set.
    pub bitset: Mask32,
    /// Bits of `INTERRUPTED_*`.
    pub options: U32,
    /// io_getevents: events to wait for.
    pub least: U32,
    /// epoll_wait: its descriptor; semtimedop: the semaphores' id; io_getevents: the context; socket:
    /// the instruction after the call.
    pub object: Address,
    /// sigtimedwait: signals that it waits for; epoll_pwait, io_pgetevents: signals blocked meanwhile.
    pub mask: Mask64,
}
record!(
    InterruptedSyscall,
    bits options = INTERRUPTED_HAS_DEADLINE
        | INTERRUPTED_REMAINDER_NATIVE
        | INTERRUPTED_REMAINDER_COMPAT
        | INTERRUPTED_COMPAT,
    one what = RESUME_NANOSLEEP
        | RESUME_POLL
        | RESUME_FUTEX
        | RESUME_ALARM_NANOSLEEP
        | RESUME_CPU_NANOSLEEP
        | RESUME_SIGTIMEDWAIT
        | RESUME_EPOLL_WAIT
        | RESUME_EPOLL_PWAIT
        | RESUME_SEMTIMEDOP
        | RESUME_IO_GETEVENTS
        | RESUME_IO_PGETEVENTS
        | RESUME_SOCKET
);

/// `deadline_ns` counts; without it the call waits without limit.
pub const INTERRUPTED_HAS_DEADLINE: u32 = 1 << 0;
/// nanosleep: the remainder is written as a native timespec.
pub const INTERRUPTED_REMAINDER_NATIVE: u32 = 1 << 1;
/// nanosleep: the remainder is written as a 32-bit timespec.
pub const INTERRUPTED_REMAINDER_COMPAT: u32 = 1 << 2;
/// It was a 32-bit system call, and goes on through the restart_syscall(2) of 32-bit programs.
pub const INTERRUPTED_COMPAT: u32 = 1 << 3;
