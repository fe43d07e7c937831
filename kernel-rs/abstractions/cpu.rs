// SPDX-License-Identifier: GPL-2.0

//! Registers of tasks that are off their CPU.

use kernel::bindings;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::task::Task;

/// Registers in the order of `struct user_regs_struct`.
pub(crate) type Registers = [u64; bindings::CKPT_REGISTERS as usize];

/// Can the CPU give a complete picture of its registers?
pub(crate) fn is_ready() -> bool {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_registers_ready() }
}

/// The general registers of a task that is off its CPU.
pub(crate) fn registers(task: &Task) -> Result<Registers> {
    let mut registers = [0; bindings::CKPT_REGISTERS as usize];
    // SAFETY: The array has the size that the function writes. For a task that runs after all, the
    // values would be old ones, no more.
    to_result(unsafe { bindings::ckpt_registers_get(task.as_ptr(), registers.as_mut_ptr()) })?;
    Ok(registers)
}

/// Sets the general registers of a task that is parked in restart(2).
pub(crate) fn set_registers(task: &Task, registers: &Registers) -> Result {
    // SAFETY: The array has the size that the function reads; the values are checked as those of
    // PTRACE_SETREGS.
    to_result(unsafe { bindings::ckpt_registers_set(task.as_ptr(), registers.as_ptr()) })
}

/// Bytes of extended state.
pub(crate) fn extended_size() -> u32 {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_xstate_size() }
}

/// Components of extended state that this machine has.
pub(crate) fn extended_features() -> u64 {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_xstate_features() }
}

/// AT_HWCAP (0) or AT_HWCAP2 (1).
pub(crate) fn hwcap(which: u32) -> u64 {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_hwcap(which) }
}

/// The extended state of a task that is off its CPU, in the layout of XSAVE.
pub(crate) fn extended(task: &Task) -> Result<KVVec<u8>> {
    let size = extended_size();
    let mut buffer = KVVec::from_elem(0u8, size as usize, GFP_KERNEL_ACCOUNT)?;
    // SAFETY: The buffer has `size` bytes.
    to_result(unsafe {
        bindings::ckpt_xstate_get(task.as_ptr(), buffer.as_mut_ptr().cast(), size)
    })?;
    Ok(buffer)
}

/// Sets the extended state of a task that is parked in restart(2).
pub(crate) fn set_extended(task: &Task, state: &[u8]) -> Result {
    let size = u32::try_from(state.len())?;
    // SAFETY: The slice has `size` bytes; its header is checked as that of PTRACE_SETREGSET.
    to_result(unsafe { bindings::ckpt_xstate_set(task.as_ptr(), state.as_ptr().cast(), size) })
}

/// What restart(2) has to return for the saved register to come back unchanged.
pub(crate) fn return_value() -> isize {
    // SAFETY: Reads the caller's own saved registers.
    unsafe { bindings::ckpt_return_value() }
}
