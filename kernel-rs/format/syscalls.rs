// SPDX-License-Identifier: GPL-2.0

//! Interrupted system calls that remember how to go on.

use zerocopy::little_endian::{I32, I64, U32};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Address, Mask32, TaskId};

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

/// What restart_syscall(2) needs. Which fields count depends on `what`; the others are zero.
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
    /// nanosleep: where to write what remains; poll: the array; futex: the word.
    pub address: Address,
    /// futex: value expected; poll: entries in the array.
    pub value: U32,
    /// futex: bit set.
    pub bitset: Mask32,
    /// Bits of `INTERRUPTED_*`.
    pub options: U32,
    /// Must be zero.
    pub reserved: U32,
}
record!(
    InterruptedSyscall,
    zero reserved,
    bits options = INTERRUPTED_HAS_DEADLINE
        | INTERRUPTED_REMAINDER_NATIVE
        | INTERRUPTED_REMAINDER_COMPAT,
    one what = RESUME_NANOSLEEP
        | RESUME_POLL
        | RESUME_FUTEX
        | RESUME_ALARM_NANOSLEEP
        | RESUME_CPU_NANOSLEEP
);

/// `deadline_ns` counts; without it the call waits without limit.
pub const INTERRUPTED_HAS_DEADLINE: u32 = 1 << 0;
/// nanosleep: the remainder is written as a native timespec.
pub const INTERRUPTED_REMAINDER_NATIVE: u32 = 1 << 1;
/// nanosleep: the remainder is written as a 32-bit timespec.
pub const INTERRUPTED_REMAINDER_COMPAT: u32 = 1 << 2;
