// SPDX-License-Identifier: GPL-2.0

//! Address spaces, areas, pages.

use zerocopy::little_endian::{U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Address, Mask32, Mask64, ObjectId, TaskId};
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
    /// Protection keys that pkey_alloc(2) has given out, one bit each; key 0 has a flag.
    pub protection_keys: Mask32,
    /// The key of memory that may only be executed, plus one; zero: there is none yet.
    pub execute_only_key: U32,
    /// Bits of pointers that the CPU ignores (ARCH_ENABLE_TAGGED_ADDR).
    pub tag_bits: U32,
}
record!(AddressSpace, bits flags = SPACE_BITS, bits future = AREA_BITS);

const SPACE_BITS: u32 = SPACE_TOP_DOWN
    | SPACE_NO_HUGE_PAGES
    | SPACE_NO_EXEC_GAIN
    | SPACE_NO_EXEC_GAIN_NO_INHERIT
    | SPACE_MERGE_ANY
    | SPACE_NO_HUGE_PAGES_UNLESS_ADVISED
    | SPACE_KEY_ZERO_FREE
    | SPACE_TAGGED_SVA
    | SPACE_32BIT
    | SPACE_VDSO_32BIT
    | SPACE_TAGS_LOCKED;

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
/// PR_SET_THP_DISABLE with PR_THP_DISABLE_EXCEPT_ADVISED.
pub const SPACE_NO_HUGE_PAGES_UNLESS_ADVISED: u32 = 1 << 5;
/// pkey_free(2) was called for key 0.
pub const SPACE_KEY_ZERO_FREE: u32 = 1 << 6;
/// ARCH_FORCE_TAGGED_SVA.
pub const SPACE_TAGGED_SVA: u32 = 1 << 8;
/// The program is a 32-bit one: addresses end at 4 GiB.
pub const SPACE_32BIT: u32 = 1 << 16;
/// Its vdso is the one for 32-bit programs.
pub const SPACE_VDSO_32BIT: u32 = 1 << 17;
/// x86: it is too late for ARCH_ENABLE_TAGGED_ADDR, because it was called or there was a thread.
pub const SPACE_TAGS_LOCKED: u32 = 1 << 18;

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
    /// Its protection key.
    pub protection_key: U32,
    /// Of huge pages: the size of one, as the power of two.
    pub page_shift: U32,
    /// Areas with the same number came from one by fork(2), and may share private pages. Zero: it
    /// has none.
    pub lineage: U32,
}
record!(
    Area,
    bits flags = AREA_BITS,
    one kind = AREA_KIND_ANONYMOUS
        | AREA_KIND_FILE
        | AREA_KIND_VDSO
        | AREA_KIND_VVAR
        | AREA_KIND_VVAR_VCLOCK
        | AREA_KIND_HUGE,
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

/// Private memory of huge pages without a file (MAP_HUGETLB).
pub const AREA_KIND_HUGE: u32 = 16;

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
/// mseal(2).
pub const AREA_SEALED: u32 = 1 << 18;
/// MAP_DROPPABLE.
pub const AREA_DROPPABLE: u32 = 1 << 19;
/// It has, or had, guard pages.
pub const AREA_GUARDED: u32 = 1 << 20;

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
    | AREA_NAMED
    | AREA_SEALED
    | AREA_DROPPABLE
    | AREA_GUARDED;

/// A run of guard pages (MADV_GUARD_INSTALL) in the area before it.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct GuardPages {
    /// The `AddressSpace`.
    pub space: ObjectId,
    /// Must be zero.
    pub reserved: U32,
    /// Address of the first; ascending within an area.
    pub address: Address,
    /// How many.
    pub count: U64,
}
record!(GuardPages, zero reserved);

/// Longest mask of NUMA nodes.
pub const MAX_NODES: u64 = 128;
/// No node.
pub const NODE_NONE: u32 = u32::MAX;

/// The memory policy of the area before it, as mbind(2) takes it. The tail is the mask of nodes.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct AreaPolicy {
    /// The `AddressSpace`.
    pub space: ObjectId,
    /// MPOL_* with MPOL_F_*.
    pub mode: Mask32,
    /// Start of the area.
    pub address: Address,
    /// set_mempolicy_home_node(2), or `NODE_NONE`.
    pub home_node: U32,
    /// Must be zero.
    pub reserved: U32,
}
record!(AreaPolicy, zero reserved);

/// The memory policy of a task, as set_mempolicy(2) takes it. The tail is the mask of nodes.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct TaskPolicy {
    /// Whose it is.
    pub task: TaskId,
    /// MPOL_* with MPOL_F_*.
    pub mode: Mask32,
    /// The node that interleaving has come to.
    pub last_node: U32,
    /// How many more pages weighted interleaving takes there.
    pub weight: U32,
}
record!(TaskPolicy);

/// Most pages in one `Pages` record.
pub const MAX_RUN: u64 = 512;

/// Pages with their contents. The tail is a multiple of the page size.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Pages {
    /// The `AddressSpace`.
    pub space: ObjectId,
    /// Bits of `PAGES_*`.
    pub flags: U32,
    /// Address of the first; ascending within an address space.
    pub address: Address,
}
record!(Pages, bits flags = PAGES_HUGE);

/// They were mapped as parts of transparent huge pages.
pub const PAGES_HUGE: u32 = 1 << 0;

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

/// Pages that an address space has not written to since fork(2): they are still those of another
/// one, at the same addresses, and shared with it until one of the two writes.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct InheritedPages {
    /// The `AddressSpace`.
    pub space: ObjectId,
    /// The `AddressSpace` whose `Pages` they are.
    pub from: ObjectId,
    /// Address of the first; ascending within an address space.
    pub address: Address,
    /// How many.
    pub count: U64,
}
record!(InheritedPages, rule is_from_another);

impl InheritedPages {
    fn is_from_another(&self) -> Result<(), Problem> {
        if self.from.get() < self.space.get() {
            Ok(())
        } else {
            Err(Problem::Reference("from", self.from.get()))
        }
    }
}
