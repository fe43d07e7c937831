// SPDX-License-Identifier: GPL-2.0

//! Registers of x86-64 threads.
//!
//! Saves: what PTRACE_GETREGS and NT_X86_XSTATE give, in the middle of a system call or not.
//! Refuses: a CPU without XSAVE; 32-bit mode, debug registers, TLS segments and the like are
//! refused by `thread`.
//! Restores: from outside, through the same functions as a debugger, once the thread is parked and
//! off its CPU; values that a debugger could not set are refused.
//! Locks: none; the thread does not run.

use kernel::prelude::*;
use kernel::task::Task;
use zerocopy::little_endian::{U32, U64};

use crate::abstractions::cpu;
use crate::capture::{Capture, FrozenTask};
use crate::format::cpu_x86_64::{ExtendedStateX86, RegistersX86_64, TlsSegment, TLS_ENTRIES};
use crate::format::reason::Reason;
use crate::log::Refusal;

/// `rax` of a call that goes on through restart_syscall(2).
const ERESTART_RESTARTBLOCK: u64 = (-516i64) as u64;

/// Index of `rax` and `orig_rax` among the registers.
const RAX: usize = 10;
const ORIG_RAX: usize = 15;

/// Is the task on its way back to a system call that remembers how to go on?
pub(crate) fn will_resume(task: &FrozenTask) -> Result<bool> {
    let registers = cpu::registers(&task.task)?;
    Ok(registers.get(RAX) == Some(&ERESTART_RESTARTBLOCK)
        && registers
            .get(ORIG_RAX)
            .is_some_and(|number| *number as i64 >= 0))
}

/// Describes the registers.
pub(crate) fn capture(task: &FrozenTask, out: &mut Capture<'_>) -> Result {
    if !cpu::is_ready() {
        out.refuse(
            task.refusal(Reason::TaskRegisters)
                .name("the CPU has no XSAVE"),
        );
        return Ok(());
    }
    let empty = TlsSegment {
        entry: U32::ZERO,
        base: U32::ZERO,
        limit: U32::ZERO,
        flags: U32::ZERO,
    };
    out.record(
        &RegistersX86_64 {
            task: task.id,
            flags: U32::ZERO,
            registers: cpu::registers(&task.task)?.map(U64::new),
            tls: [empty; TLS_ENTRIES],
        },
        &[],
    )?;
    let state = cpu::extended(&task.task)?;
    out.record(
        &ExtendedStateX86 {
            task: task.id,
            reserved: U32::ZERO,
        },
        &state,
    )
}

/// What can be said against a record before there is a thread.
pub(crate) fn check(record: &RegistersX86_64) -> Result<(), Refusal> {
    let refuse = |name| Err(Refusal::new(Reason::RegistersRefused, EINVAL).name(name));
    let used = |segment: &TlsSegment| {
        segment.entry.get() | segment.base.get() | segment.limit.get() | segment.flags.get() != 0
    };
    if record.flags.get() != 0 {
        return refuse("the CPU is asked to fault on rdtsc or cpuid");
    }
    if record.tls.iter().any(used) {
        return refuse("TLS segments");
    }
    Ok(())
}

/// Sets the registers of a parked thread.
pub(crate) fn restore(task: &Task, record: &RegistersX86_64, state: &[u8]) -> Result<(), Refusal> {
    cpu::set_extended(task, state).map_err(|error| {
        Refusal::new(Reason::RegistersRefused, error).name("the extended state")
    })?;
    let registers = record.registers.map(U64::get);
    cpu::set_registers(task, &registers).map_err(|error| {
        Refusal::new(Reason::RegistersRefused, error).name("a segment or base address")
    })
}
