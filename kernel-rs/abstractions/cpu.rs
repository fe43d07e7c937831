// SPDX-License-Identifier: GPL-2.0

//! Registers of tasks that are off their CPU.

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::task::Task;

use super::space::Space;

pub(crate) use crate::bindings::{
    ckpt_cpu as CpuState, //
    ckpt_segment as Segment,
};

/// Registers in the order of `struct user_regs_struct`.
pub(crate) type Registers = [u64; bindings::CKPT_REGISTERS as usize];

/// Can the CPU give a complete picture of its registers?
pub(crate) fn is_ready() -> bool {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_registers_ready() }
}

/// The general registers of a task that is off its CPU; fails with ESRCH if it has died.
pub(crate) fn registers(task: &Task) -> Result<Registers> {
    let mut registers = [0; bindings::CKPT_REGISTERS as usize];
    // SAFETY: The array has the size that the function writes. For a task that runs after all, the
    // values would be old ones, no more.
    to_result(unsafe { bindings::ckpt_registers_get(task.as_ptr(), registers.as_mut_ptr()) })?;
    Ok(registers)
}

/// Sets the general registers of a task that is parked in restart(2); fails with ESRCH if it has
/// died.
pub(crate) fn set_registers(task: &Task, registers: &Registers) -> Result {
    // SAFETY: The array has the size that the function reads; the values are checked as those of
    // PTRACE_SETREGS.
    to_result(unsafe { bindings::ckpt_registers_set(task.as_ptr(), registers.as_ptr()) })
}

/// What a task that is off its CPU has of it besides registers.
pub(crate) fn state(task: &Task) -> CpuState {
    let mut state = CpuState::default();
    // SAFETY: Both are valid. For a task that runs after all, the values would be old ones.
    unsafe { bindings::ckpt_cpu_get(task.as_ptr(), &mut state) };
    state
}

/// Gives it to a task that is parked in restart(2).
pub(crate) fn set_state(task: &Task, state: &CpuState) -> Result {
    // SAFETY: Both are valid; segments are checked as those of set_thread_area(2), the other
    // values are only shown to the program or change how its own system call ends.
    to_result(unsafe { bindings::ckpt_cpu_set(task.as_ptr(), state) })
}

/// Switches the caller's own CPU; fails with ENODEV if it cannot fault on cpuid.
pub(crate) fn prepare(state: &CpuState) -> Result {
    // SAFETY: Points to a valid struct.
    to_result(unsafe { bindings::ckpt_cpu_prepare(state) })
}

/// Entries of the local descriptor table of an address space.
pub(crate) fn local_descriptors(space: &Space) -> Result<KVVec<Segment>> {
    let mm = space.as_ptr();
    let count = |found: i32| usize::try_from(found).map_err(|_| Error::from_errno(found));
    // SAFETY: The address space is valid; without a buffer, entries are only counted.
    let size = unsafe { bindings::ckpt_local_descriptors_get(mm, core::ptr::null_mut(), 0) };
    let size = count(size)?;
    let mut entries = KVVec::from_elem(Segment::default(), size, GFP_KERNEL_ACCOUNT)?;
    if size > 0 {
        let (room, max) = (entries.as_mut_ptr(), u32::try_from(size)?);
        // SAFETY: The buffer has room for `max` entries.
        let found = unsafe { bindings::ckpt_local_descriptors_get(mm, room, max) };
        entries.truncate(count(found)?);
    }
    Ok(entries)
}

/// Sets an entry of the local descriptor table of the caller's address space.
pub(crate) fn set_local_descriptor(entry: &Segment) -> Result {
    // SAFETY: Points to a valid entry, which is checked as that of modify_ldt(2).
    to_result(unsafe { bindings::ckpt_local_descriptor_set(entry) })
}

/// Bytes of extended state, without what programs have to ask for.
pub(crate) fn extended_size() -> u32 {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_xstate_size() }
}

/// Components of extended state that programs need not ask for.
pub(crate) fn extended_features() -> u64 {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_xstate_features() }
}

/// Offset and size of a component of extended state; zero if there is none.
pub(crate) fn extended_component(number: usize) -> (u32, u32) {
    let (mut offset, mut size) = (0, 0);
    if let Ok(number) = u32::try_from(number) {
        // SAFETY: Both are valid.
        unsafe { bindings::ckpt_xstate_component(number, &mut offset, &mut size) };
    }
    (offset, size)
}

/// A register of the cpuid instruction: eax, ebx, ecx, edx are 0 to 3.
pub(crate) fn cpuid(leaf: u32, subleaf: u32, register: u32) -> u32 {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_cpuid(leaf, subleaf, register) }
}

/// The most that the kernel puts on a stack for a signal.
pub(crate) fn signal_frame_size() -> u32 {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_signal_frame_size() }
}

/// AT_HWCAP (0) or AT_HWCAP2 (1).
pub(crate) fn hwcap(which: u32) -> u64 {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_hwcap(which) }
}

/// Bytes that a debugger reads and writes at once.
fn buffer_size() -> u32 {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_xstate_buffer_size() }
}

/// The extended state of a task that is off its CPU, in the layout of XSAVE.
pub(crate) fn extended(task: &Task) -> Result<KVVec<u8>> {
    let size = buffer_size();
    let mut buffer = KVVec::from_elem(0u8, size as usize, GFP_KERNEL_ACCOUNT)?;
    // SAFETY: The buffer has `size` bytes.
    to_result(unsafe {
        bindings::ckpt_xstate_get(task.as_ptr(), buffer.as_mut_ptr().cast(), size)
    })?;
    buffer.truncate(extended_size() as usize);
    Ok(buffer)
}

/// Sets the extended state of a task that is parked in restart(2). What is not there is unused.
pub(crate) fn set_extended(task: &Task, state: &[u8]) -> Result {
    let size = buffer_size();
    let mut buffer = KVVec::from_elem(0u8, size as usize, GFP_KERNEL)?;
    let to = buffer.get_mut(..state.len()).ok_or(EINVAL)?;
    to.copy_from_slice(state);
    // SAFETY: The buffer has `size` bytes; its header is checked as that of PTRACE_SETREGSET.
    to_result(unsafe { bindings::ckpt_xstate_set(task.as_ptr(), buffer.as_ptr().cast(), size) })
}

/// What restart(2) has to return for the saved register to come back unchanged.
pub(crate) fn return_value() -> isize {
    // SAFETY: Reads the caller's own saved registers.
    unsafe { bindings::ckpt_return_value() }
}
