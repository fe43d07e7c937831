// SPDX-License-Identifier: GPL-2.0

//! What confines a thread, and what it was told with prctl(2).

use zerocopy::little_endian::U32;
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Address, Mask32, Mask64, ObjectId, TaskId};
use super::Problem;

/// Bytes of one instruction of a classic BPF program (`struct sock_filter`).
pub const BPF_INSTRUCTION: u64 = 8;

/// Most instructions of a program (BPF_MAXINSNS).
pub const MAX_BPF_INSTRUCTIONS: u32 = 4096;

/// A seccomp filter. The tail is its program, as seccomp(2) took it.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct SeccompFilter {
    /// The object that this record declares.
    pub id: ObjectId,
    /// The `SeccompFilter` that was there when it was installed, or none.
    pub below: ObjectId,
    /// Bits of `FILTER_*`.
    pub flags: U32,
    /// Instructions in the tail, at least one.
    pub instructions: U32,
}
record!(
    SeccompFilter,
    bits flags = FILTER_LOG | FILTER_WAIT_KILLABLE,
    tail program_length,
    rule has_program
);

/// Everything but "allow" is logged (SECCOMP_FILTER_FLAG_LOG).
pub const FILTER_LOG: u32 = 1 << 0;
/// SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV; its listener has gone.
pub const FILTER_WAIT_KILLABLE: u32 = 1 << 1;

impl SeccompFilter {
    fn program_length(&self) -> u64 {
        u64::from(self.instructions.get()).saturating_mul(BPF_INSTRUCTION)
    }

    fn has_program(&self) -> Result<(), Problem> {
        match self.instructions.get() {
            1..=MAX_BPF_INSTRUCTIONS => Ok(()),
            count => Err(Problem::Value("instructions", count.into())),
        }
    }
}

/// What a thread may not do. A thread without this record may do everything.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Confinement {
    /// The thread.
    pub task: TaskId,
    /// One of `SECCOMP_*`.
    pub seccomp: U32,
    /// The `SeccompFilter` that was installed last, with `SECCOMP_FILTERS`.
    pub filter: ObjectId,
    /// PR_SET_SYSCALL_USER_DISPATCH; one of `DISPATCH_*`.
    pub dispatch: U32,
    /// Its second argument.
    pub dispatch_offset: Address,
    /// Its third.
    pub dispatch_length: Mask64,
    /// The byte that says whether to dispatch, or zero: always.
    pub dispatch_selector: Address,
}
record!(
    Confinement,
    one seccomp = SECCOMP_OFF | SECCOMP_STRICT | SECCOMP_FILTERS,
    one dispatch = DISPATCH_OFF | DISPATCH_OUTSIDE | DISPATCH_INSIDE,
    rule has_filter
);

/// No seccomp.
pub const SECCOMP_OFF: u32 = 0;
/// SECCOMP_MODE_STRICT.
pub const SECCOMP_STRICT: u32 = 1;
/// SECCOMP_MODE_FILTER.
pub const SECCOMP_FILTERS: u32 = 2;

/// PR_SYS_DISPATCH_OFF.
pub const DISPATCH_OFF: u32 = 0;
/// PR_SYS_DISPATCH_EXCLUSIVE_ON: calls from elsewhere than the range.
pub const DISPATCH_OUTSIDE: u32 = 1;
/// PR_SYS_DISPATCH_INCLUSIVE_ON: calls from the range.
pub const DISPATCH_INSIDE: u32 = 2;

impl Confinement {
    fn has_filter(&self) -> Result<(), Problem> {
        let has_one = self.filter != ObjectId::NONE;
        if has_one == (self.seccomp.get() == SECCOMP_FILTERS) {
            Ok(())
        } else {
            Err(Problem::Reference("filter", self.filter.get()))
        }
    }
}

/// What a thread was told about itself. One without this record was told nothing.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Settings {
    /// The thread.
    pub task: TaskId,
    /// Bits of `SETTING_*`.
    pub flags: U32,
    /// PR_MCE_KILL_GET; one of `MEMORY_ERROR_*`.
    pub memory_errors: U32,
    /// PR_GET_SPECULATION_CTRL of PR_SPEC_STORE_BYPASS.
    pub store_bypass: Mask32,
    /// The same of PR_SPEC_INDIRECT_BRANCH.
    pub indirect_branches: Mask32,
    /// The same of PR_SPEC_L1D_FLUSH.
    pub l1d_flush: Mask32,
    /// PR_FUTEX_HASH_GET_SLOTS, with `SETTING_FUTEX_HASH`.
    pub futex_slots: U32,
    /// Must be zero.
    pub reserved: U32,
}
record!(
    Settings,
    zero reserved,
    bits flags = SETTING_BITS,
    one memory_errors = MEMORY_ERROR_LATE | MEMORY_ERROR_EARLY | MEMORY_ERROR_DEFAULT
);

const SETTING_BITS: u32 = SETTING_IO_FLUSHER
    | SETTING_FUTEX_HASH
    | SETTING_FUTEX_HASH_CHOSEN
    | SETTING_RANDOMIZED
    | SETTING_USED_PRIVILEGE
    | SETTING_TOO_MANY_PROCESSES;

/// PR_SET_IO_FLUSHER.
pub const SETTING_IO_FLUSHER: u32 = 1 << 0;
/// The address space has a futex hash of its own, or has given it up (`futex_slots` is zero).
pub const SETTING_FUTEX_HASH: u32 = 1 << 1;
/// It was the user's choice (PR_FUTEX_HASH_SET_SLOTS), not the kernel's.
pub const SETTING_FUTEX_HASH_CHOSEN: u32 = 1 << 2;
/// The program was loaded at random addresses (`PF_RANDOMIZE`).
pub const SETTING_RANDOMIZED: u32 = 1 << 3;
/// It has used the rights of the superuser (`PF_SUPERPRIV`, accounting's ASU).
pub const SETTING_USED_PRIVILEGE: u32 = 1 << 4;
/// Its user had too many processes at the last setuid: execve will fail (`PF_NPROC_EXCEEDED`).
pub const SETTING_TOO_MANY_PROCESSES: u32 = 1 << 5;

/// PR_MCE_KILL_LATE.
pub const MEMORY_ERROR_LATE: u32 = 0;
/// PR_MCE_KILL_EARLY.
pub const MEMORY_ERROR_EARLY: u32 = 1;
/// PR_MCE_KILL_DEFAULT.
pub const MEMORY_ERROR_DEFAULT: u32 = 2;
