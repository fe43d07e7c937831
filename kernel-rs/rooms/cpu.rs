// SPDX-License-Identifier: GPL-2.0

//! Registers of x86-64 threads.
//!
//! Saves: what PTRACE_GETREGS and NT_X86_XSTATE give, in the middle of a system call or not, of a
//! 32-bit thread too; TLS segments, PR_SET_TSC, ARCH_SET_CPUID, what a handler is told of the last
//! fault.
//! Refuses: a CPU without XSAVE; shadow stacks, AMX, debug registers, I/O ports and stepping by a
//! debugger are refused by `thread`.
//! Restores: from outside, through the same functions as a debugger, once the thread is parked and
//! off its CPU; values that a debugger could not set are refused. The thread itself switches
//! faulting on rdtsc and cpuid.
//! Locks: none; the thread does not run.

use kernel::prelude::*;
use kernel::task::Task;
use zerocopy::little_endian::{U32, U64};

use crate::abstractions::cpu::{self, CpuState, Segment};
use crate::capture::{Capture, FrozenTask};
use crate::format::cpu_x86_64::{
    ExtendedStateX86, RegistersX86_64, TlsSegment, X86_COMPAT_CALL, X86_COMPAT_POKED, X86_NO_CPUID,
    X86_NO_TSC,
};
use crate::format::reason::Reason;
use crate::log::Refusal;

/// `rax` of a call that is made again unless a handler runs.
const ERESTARTNOHAND: i64 = -514;
/// `rax` of a call that goes on through restart_syscall(2).
const ERESTART_RESTARTBLOCK: i64 = -516;
/// `orig_rax` outside of system calls.
const NO_CALL: i32 = -1;

/// Index of `rax` and `orig_rax` among the registers.
const RAX: usize = 10;
const ORIG_RAX: usize = 15;

/// How a task goes back to a system call that may remember something.
pub(crate) enum WayBack {
    /// By restart_syscall(2).
    Resumed,
    /// By the same call with the same arguments.
    MadeAgain,
}

/// The task's way back to its system call, unless it remembers nothing.
pub(crate) fn way_back(task: &FrozenTask) -> Result<Option<WayBack>> {
    let registers = cpu::registers(&task.task)?;
    let state = cpu::state(&task.task);
    let at = |index: usize| registers.get(index).copied().unwrap_or(0);
    let result = if state.compat_call || state.compat_poked {
        i64::from(at(RAX) as i32)
    } else {
        at(RAX) as i64
    };
    Ok(match result {
        _ if at(ORIG_RAX) as i32 == NO_CALL => None,
        ERESTART_RESTARTBLOCK => Some(WayBack::Resumed),
        ERESTARTNOHAND => Some(WayBack::MadeAgain),
        _ => None,
    })
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
    let state = cpu::state(&task.task);
    let flags = [
        (state.no_tsc, X86_NO_TSC),
        (state.no_cpuid, X86_NO_CPUID),
        (state.compat_call, X86_COMPAT_CALL),
        (state.compat_poked, X86_COMPAT_POKED),
    ];
    let flags = flags
        .iter()
        .fold(0, |all, (is, flag)| if *is { all | flag } else { all });
    out.record(
        &RegistersX86_64 {
            task: task.id,
            flags: U32::new(flags),
            registers: cpu::registers(&task.task)?.map(U64::new),
            tls: state.tls.map(|segment| TlsSegment {
                entry: U32::new(segment.entry),
                base: U32::new(segment.base),
                limit: U32::new(segment.limit),
                flags: U32::new(segment.flags),
            }),
            trap: U64::new(state.trap),
            error_code: U64::new(state.error_code),
            fault_address: U64::new(state.fault_address),
            debug_status: U64::new(state.debug_status),
            locked_features: U64::new(state.locked_features),
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

fn state_of(record: &RegistersX86_64) -> CpuState {
    let has = |flag| record.flags.get() & flag != 0;
    CpuState {
        no_tsc: has(X86_NO_TSC),
        no_cpuid: has(X86_NO_CPUID),
        compat_call: has(X86_COMPAT_CALL),
        compat_poked: has(X86_COMPAT_POKED),
        tls: record.tls.map(|segment| Segment {
            entry: segment.entry.get(),
            base: segment.base.get(),
            limit: segment.limit.get(),
            flags: segment.flags.get(),
        }),
        trap: record.trap.get(),
        error_code: record.error_code.get(),
        fault_address: record.fault_address.get(),
        debug_status: record.debug_status.get(),
        locked_features: record.locked_features.get(),
    }
}

/// Was the thread inside a system call?
pub(crate) fn is_in_call(record: &RegistersX86_64) -> bool {
    let number = record.registers.get(ORIG_RAX);
    number.is_some_and(|number| number.get() as i32 != NO_CALL)
}

/// What only the thread itself can switch, and may be refused.
pub(crate) fn prepare(record: &RegistersX86_64) -> Result<(), Refusal> {
    cpu::prepare(&state_of(record)).map_err(|error| {
        let refusal = |reason| Refusal::new(reason, error);
        if error == ENODEV {
            refusal(Reason::MachineFeatures).name("faulting on cpuid (ARCH_SET_CPUID)")
        } else {
            refusal(Reason::StateNotRestored).name("its CPU: the restarter has a shadow stack")
        }
    })
}

/// Sets the registers of a parked thread.
pub(crate) fn restore(task: &Task, record: &RegistersX86_64, state: &[u8]) -> Result<(), Refusal> {
    let refused = |name| move |error| Refusal::new(Reason::RegistersRefused, error).name(name);
    cpu::set_extended(task, state).map_err(refused("the extended state"))?;
    let registers = record.registers.map(U64::get);
    cpu::set_registers(task, &registers).map_err(refused("a segment or base address"))?;
    cpu::set_state(task, &state_of(record)).map_err(refused("a TLS segment"))
}
