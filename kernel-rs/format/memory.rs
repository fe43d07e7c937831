// SPDX-License-Identifier: GPL-2.0

//! Address spaces, areas, pages.

use zerocopy::little_endian::{U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Address, Mask32, Mask64, ObjectId};
use super::Problem;

/// Largest auxiliary vector.
pub const MAX_AUXV: u64 = 1024;

/// An address space. The tail is the auxiliary vector, as /proc/PID/auxv shows it.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct AddressSpace {
    /// The object that this record declares.
    pub id: ObjectId,
    /// The program, an `OpenFile`; /proc/PID/exe.
    pub exe: ObjectId,
    /// PR_SET_MM_START_CODE and so on.
    pub start_code: Address,
    /// End of the program's code.
    pub end_code: Address,
    /// Start of its data.
    pub start_data: Address,
    /// End of its data.
    pub end_data: Address,
    /// Where the heap starts.
    pub start_brk: Address,
    /// Where the heap ends.
    pub brk: Address,
    /// Where the stack started.
    pub start_stack: Address,
    /// Arguments.
    pub arg_start: Address,
    /// End of the arguments.
    pub arg_end: Address,
    /// Environment.
    pub env_start: Address,
    /// End of the environment.
    pub env_end: Address,
    /// Where new mappings go.
    pub mmap_base: Address,
    /// Where new mappings of 32-bit system calls go.
    pub mmap_compat_base: Address,
    /// Where the vdso's code is, or zero.
    pub vdso: Address,
    /// Areas that follow.
    pub areas: U32,
    /// Bits of `SPACE_*`.
    pub flags: U32,
    /// /proc/PID/coredump_filter.
    pub coredump_filter: Mask32,
    /// membarrier(2) registrations, bits of `MEMBARRIER_CMD_*`.
    pub membarrier: Mask32,
    /// Advice that new areas start with: bits of `AREA_*` (mlockall MCL_FUTURE).
    pub future: U32,
    /// Must be zero.
    pub reserved: U32,
}
record!(AddressSpace, zero reserved, bits flags = SPACE_BITS, bits future = AREA_BITS);

const SPACE_BITS: u32 = SPACE_TOP_DOWN
    | SPACE_NO_HUGE_PAGES
    | SPACE_NO_EXEC_GAIN
    | SPACE_NO_EXEC_GAIN_NO_INHERIT
    | SPACE_MERGE_ANY;

/// New mappings go below `mmap_base`, not above.
pub const SPACE_TOP_DOWN: u32 = 1 << 0;
/// PR_SET_THP_DISABLE.
pub const SPACE_NO_HUGE_PAGES: u32 = 1 << 1;
/// PR_SET_MDWE PR_MDWE_REFUSE_EXEC_GAIN.
pub const SPACE_NO_EXEC_GAIN: u32 = 1 << 2;
/// PR_MDWE_NO_INHERIT.
pub const SPACE_NO_EXEC_GAIN_NO_INHERIT: u32 = 1 << 3;
/// PR_SET_MEMORY_MERGE.
pub const SPACE_MERGE_ANY: u32 = 1 << 4;

/// Longest name of an area (PR_SET_VMA_ANON_NAME).
pub const MAX_AREA_NAME: u64 = 80;

/// One area. Areas of an address space follow it in ascending order without overlap. The tail is
/// its name.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Area {
    /// The `AddressSpace`.
    pub space: ObjectId,
    /// The file behind it, or none.
    pub file: ObjectId,
    /// First address.
    pub start: Address,
    /// First address after it.
    pub end: Address,
    /// Offset of `start` in the file.
    pub offset: Mask64,
    /// PROT_* bits.
    pub protection: Mask32,
    /// Bits of `AREA_*`.
    pub flags: U32,
    /// What it is: one of `AREA_KIND_*`.
    pub kind: U32,
    /// Must be zero.
    pub reserved: U32,
}
record!(
    Area,
    zero reserved,
    bits flags = AREA_BITS,
    one kind = AREA_KIND_ANONYMOUS
        | AREA_KIND_FILE
        | AREA_KIND_VDSO
        | AREA_KIND_VVAR
        | AREA_KIND_VVAR_VCLOCK,
    rule is_an_area
);

impl Area {
    fn is_an_area(&self) -> Result<(), Problem> {
        if self.start.get() < self.end.get() {
            Ok(())
        } else {
            Err(Problem::Value("end", self.end.get()))
        }
    }
}

/// Private memory without a file.
pub const AREA_KIND_ANONYMOUS: u32 = 1;
/// A file.
pub const AREA_KIND_FILE: u32 = 2;
/// The vdso's code.
pub const AREA_KIND_VDSO: u32 = 3;
/// The vdso's data.
pub const AREA_KIND_VVAR: u32 = 4;
/// The vdso's data that hypervisors fill.
pub const AREA_KIND_VVAR_VCLOCK: u32 = 5;

/// MAP_SHARED.
pub const AREA_SHARED: u32 = 1 << 0;
/// MAP_GROWSDOWN: a stack.
pub const AREA_GROWS_DOWN: u32 = 1 << 1;
/// MAP_NORESERVE.
pub const AREA_NO_RESERVE: u32 = 1 << 2;
/// mlock(2).
pub const AREA_LOCKED: u32 = 1 << 3;
/// mlock2(2) MLOCK_ONFAULT.
pub const AREA_LOCKED_ON_FAULT: u32 = 1 << 4;
/// MADV_DONTFORK.
pub const AREA_DONT_FORK: u32 = 1 << 5;
/// MADV_WIPEONFORK.
pub const AREA_WIPE_ON_FORK: u32 = 1 << 6;
/// MADV_DONTDUMP.
pub const AREA_DONT_DUMP: u32 = 1 << 7;
/// MADV_HUGEPAGE.
pub const AREA_HUGE_PAGES: u32 = 1 << 8;
/// MADV_NOHUGEPAGE.
pub const AREA_NO_HUGE_PAGES: u32 = 1 << 9;
/// MADV_MERGEABLE.
pub const AREA_MERGEABLE: u32 = 1 << 10;
/// MADV_SEQUENTIAL.
pub const AREA_SEQUENTIAL: u32 = 1 << 11;
/// MADV_RANDOM.
pub const AREA_RANDOM: u32 = 1 << 12;
/// mprotect cannot make it readable (never mapped with that right).
pub const AREA_NEVER_READ: u32 = 1 << 13;
/// mprotect cannot make it writable.
pub const AREA_NEVER_WRITE: u32 = 1 << 14;
/// mprotect cannot make it executable.
pub const AREA_NEVER_EXEC: u32 = 1 << 15;
/// Counts against the overcommit limit.
pub const AREA_ACCOUNTED: u32 = 1 << 16;
/// The name in the tail counts.
pub const AREA_NAMED: u32 = 1 << 17;

const AREA_BITS: u32 = AREA_SHARED
    | AREA_GROWS_DOWN
    | AREA_NO_RESERVE
    | AREA_LOCKED
    | AREA_LOCKED_ON_FAULT
    | AREA_DONT_FORK
    | AREA_WIPE_ON_FORK
    | AREA_DONT_DUMP
    | AREA_HUGE_PAGES
    | AREA_NO_HUGE_PAGES
    | AREA_MERGEABLE
    | AREA_SEQUENTIAL
    | AREA_RANDOM
    | AREA_NEVER_READ
    | AREA_NEVER_WRITE
    | AREA_NEVER_EXEC
    | AREA_ACCOUNTED
    | AREA_NAMED;

/// Most pages in one `Pages` record.
pub const MAX_RUN: u64 = 512;

/// Pages with their contents. The tail is a multiple of the page size.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Pages {
    /// The `AddressSpace`.
    pub space: ObjectId,
    /// Must be zero.
    pub reserved: U32,
    /// Address of the first; ascending within an address space.
    pub address: Address,
}
record!(Pages, zero reserved);

/// Pages that read as zero where a hole would not.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct ZeroPages {
    /// The `AddressSpace`.
    pub space: ObjectId,
    /// Must be zero.
    pub reserved: U32,
    /// Address of the first.
    pub address: Address,
    /// How many.
    pub count: U64,
}
record!(ZeroPages, zero reserved);
