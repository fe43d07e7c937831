// SPDX-License-Identifier: GPL-2.0

//! Registers of x86-64.

use zerocopy::little_endian::{U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Address, Mask32, Mask64, ObjectId, TaskId};
use super::Problem;

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
    /// The last fault, for the context that a signal handler gets: its vector.
    pub trap: U64,
    /// The last fault: its error code.
    pub error_code: Mask64,
    /// The last page fault: its address.
    pub fault_address: Address,
    /// The debug status register that a debugger would see, its reserved bits inverted.
    pub debug_status: Mask64,
    /// Features of shadow stacks that ARCH_SHSTK_LOCK has locked.
    pub locked_features: Mask64,
}
record!(
    RegistersX86_64,
    bits flags = X86_NO_TSC | X86_NO_CPUID | X86_COMPAT_CALL | X86_COMPAT_POKED,
    rule is_of_a_program
);

/// Places among the registers.
const CS: usize = 17;
const EFLAGS: usize = 18;
const SS: usize = 20;
const DS: usize = 23;
const GS: usize = 26;

/// CF PF AF ZF SF TF IF DF OF NT RF AC ID, and the bit that is always set. The kernel sees to IF.
const PROGRAM_EFLAGS: u64 = 0x0025_4fd7;

impl RegistersX86_64 {
    /// Nobody has flags of the kernel's, or a selector of more than 16 bits.
    fn is_of_a_program(&self) -> Result<(), Problem> {
        let wrong = |index: usize, value: &Mask64| match index {
            EFLAGS => value.get() & !PROGRAM_EFLAGS != 0,
            CS | SS | DS..=GS => value.get() > 0xffff,
            _ => false,
        };
        let mut registers = self.registers.iter().enumerate();
        match registers.find(|(index, value)| wrong(*index, value)) {
            None => Ok(()),
            Some((_, value)) => Err(Problem::Value("registers", value.get())),
        }
    }
}

/// PR_SET_TSC PR_TSC_SIGSEGV.
pub const X86_NO_TSC: u32 = 1 << 0;
/// ARCH_SET_CPUID 0.
pub const X86_NO_CPUID: u32 = 1 << 1;
/// The thread is inside a 32-bit system call.
pub const X86_COMPAT_CALL: u32 = 1 << 2;
/// A 32-bit debugger has set the number of the system call.
pub const X86_COMPAT_POKED: u32 = 1 << 3;

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

/// Most entries of a local descriptor table.
pub const MAX_LOCAL_DESCRIPTORS: u32 = 8192;

/// A local descriptor table. The tail is one [`TlsSegment`] for each entry in use, ascending, as
/// modify_ldt(2) takes it.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct LocalDescriptors {
    /// The `AddressSpace`.
    pub space: ObjectId,
    /// Entries of the table, in use or not.
    pub entries: U32,
    /// Entries in the tail.
    pub used: U32,
    /// Must be zero.
    pub reserved: U32,
}
record!(LocalDescriptors, zero reserved, tail used_length, rule is_a_table);

impl LocalDescriptors {
    fn used_length(&self) -> u64 {
        u64::from(self.used.get()).saturating_mul(16)
    }

    fn is_a_table(&self) -> Result<(), Problem> {
        let (entries, used) = (self.entries.get(), self.used.get());
        if entries == 0 || entries > MAX_LOCAL_DESCRIPTORS {
            return Err(Problem::Value("entries", entries.into()));
        }
        if used > entries {
            return Err(Problem::Value("used", used.into()));
        }
        Ok(())
    }
}
