// SPDX-License-Identifier: GPL-2.0

//! What tasks have used: CPU time, faults, switches, input and output.

use zerocopy::little_endian::{U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, TaskId};
use super::Problem;

/// What somebody has used so far. What is not counted for them is zero.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Usage {
    /// The thread; of a whole process its leader.
    pub task: TaskId,
    /// One of `USAGE_*`.
    pub whose: U32,
    /// `USAGE_THREAD`: when it started, on the container's CLOCK_BOOTTIME.
    pub start_boottime_ns: U64,
    /// `USAGE_THREAD`: the same moment on its CLOCK_MONOTONIC.
    pub start_monotonic_ns: U64,
    /// Time in user space, as the clock tick saw it.
    pub user_ns: U64,
    /// Time in the kernel, as the clock tick saw it.
    pub system_ns: U64,
    /// Part of `user_ns`: virtual machines.
    pub guest_ns: U64,
    /// Time on a CPU, as the scheduler counted it.
    pub runtime_ns: U64,
    /// The user time that was told last: it never falls. `USAGE_ENDED`: of the whole process.
    pub told_user_ns: U64,
    /// The system time that was told last; likewise.
    pub told_system_ns: U64,
    /// Page faults without input or output.
    pub minor_faults: U64,
    /// Page faults that had to wait for it.
    pub major_faults: U64,
    /// Times that it slept.
    pub voluntary_switches: U64,
    /// Times that another was given the CPU.
    pub involuntary_switches: U64,
    /// getrusage(2): blocks of 512 bytes read. (Those of a living thread follow from `read_bytes`.)
    pub blocks_in: U64,
    /// getrusage(2): blocks written.
    pub blocks_out: U64,
    /// Most memory that was resident at once.
    pub peak_bytes: U64,
    /// /proc/PID/io: rchar.
    pub read_chars: U64,
    /// /proc/PID/io: wchar.
    pub write_chars: U64,
    /// /proc/PID/io: syscr.
    pub read_calls: U64,
    /// /proc/PID/io: syscw.
    pub write_calls: U64,
    /// /proc/PID/io: read_bytes.
    pub read_bytes: U64,
    /// /proc/PID/io: write_bytes.
    pub write_bytes: U64,
    /// /proc/PID/io: cancelled_write_bytes.
    pub cancelled_bytes: U64,
    /// /proc/PID/schedstat: time that it could have run, but waited for a CPU.
    pub waited_ns: U64,
    /// /proc/PID/schedstat: times that it was given one.
    pub slices: U64,
    /// `USAGE_THREAD`: most address space that was mapped at once.
    pub peak_space_bytes: U64,
}
record!(
    Usage,
    one whose = USAGE_THREAD | USAGE_ENDED | USAGE_CHILDREN,
    rule adds_up
);

/// A thread's own.
pub const USAGE_THREAD: u32 = 1;
/// Of threads of the process that have ended.
pub const USAGE_ENDED: u32 = 2;
/// Of children that it has waited for.
pub const USAGE_CHILDREN: u32 = 3;

/// Longest time, also of all threads of a process together. Seventy years.
pub const LONGEST: u64 = 1 << 61;

impl Usage {
    fn adds_up(&self) -> Result<(), Problem> {
        let times = [
            ("user_ns", self.user_ns),
            ("system_ns", self.system_ns),
            ("guest_ns", self.guest_ns),
            ("runtime_ns", self.runtime_ns),
            ("told_user_ns", self.told_user_ns),
            ("told_system_ns", self.told_system_ns),
        ];
        match times.iter().find(|(_, time)| time.get() > LONGEST) {
            None => Ok(()),
            Some((name, time)) => Err(Problem::Value(name, time.get())),
        }
    }
}
