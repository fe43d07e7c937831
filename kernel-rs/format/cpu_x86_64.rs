// SPDX-License-Identifier: GPL-2.0

//! Registers of x86-64.

use zerocopy::little_endian::U32;
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Mask32, Mask64, TaskId};

/// Registers in the order of `struct user_regs_struct`.
pub const REGISTERS: usize = 27;

/// Thread-local storage segments that set_thread_area(2) can fill.
pub const TLS_ENTRIES: usize = 3;

/// One thread-local storage segment, as get_thread_area(2) gives it.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct TlsSegment {
    /// Entry in the descriptor table.
    pub entry: U32,
    /// Linear base.
    pub base: Mask32,
    /// Limit.
    pub limit: Mask32,
    /// The bit field of `struct user_desc`.
    pub flags: Mask32,
}

/// What PTRACE_GETREGS gives.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct RegistersX86_64 {
    /// The thread.
    pub task: TaskId,
    /// Bits of `X86_*`.
    pub flags: U32,
    /// r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss
    /// fs_base gs_base ds es fs gs.
    pub registers: [Mask64; REGISTERS],
    /// Segments 12 to 14 of the descriptor table.
    pub tls: [TlsSegment; TLS_ENTRIES],
}
record!(RegistersX86_64, bits flags = X86_NO_TSC | X86_NO_CPUID);

/// PR_SET_TSC PR_TSC_SIGSEGV.
pub const X86_NO_TSC: u32 = 1 << 0;
/// ARCH_SET_CPUID 0.
pub const X86_NO_CPUID: u32 = 1 << 1;

/// Largest extended state.
pub const MAX_XSTATE: u64 = 64 * 1024;

/// Floating point and vector registers. The tail is what PTRACE_GETREGSET NT_X86_XSTATE gives.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct ExtendedStateX86 {
    /// The thread.
    pub task: TaskId,
    /// Must be zero.
    pub reserved: U32,
}
record!(ExtendedStateX86, zero reserved);
