// SPDX-License-Identifier: GPL-2.0

//! The first record and the last, and the machine.

use zerocopy::little_endian::{U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Mask32, Mask64};
use super::Problem;

/// `magic` of every image: not text, not valid UTF-8, damaged by a transfer that rewrites line ends.
pub const MAGIC: [u8; 8] = *b"\x89LnxCR\r\n";

/// The version of the format that this source declares. A reader refuses a newer one.
pub const VERSION: u32 = 1;

/// `architecture` of x86-64 (the ELF machine number).
pub const ARCHITECTURE_X86_64: u32 = 62;

/// Most tasks that an image may hold: the kernel's own limit for pids.
pub const MAX_TASKS: u32 = 4 * 1024 * 1024;

/// Largest page that an architecture may have.
pub const MAX_PAGE_SIZE: u32 = 64 * 1024;

/// Who wrote the image, when, and what the reader has to expect.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Header {
    /// [`MAGIC`].
    pub magic: [u8; 8],
    /// [`VERSION`] of the writer.
    pub version: U32,
    /// ELF machine number: [`ARCHITECTURE_X86_64`].
    pub architecture: U32,
    /// Random; names the image and salts its checksums.
    pub image_id: [u8; 16],
    /// Bytes in a page.
    pub page_size: U32,
    /// Number of `Member` records.
    pub tasks: U32,
    /// Number of `Pid` records.
    pub pids: U32,
    /// Must be zero.
    pub reserved: U32,
    /// Wall clock at the moment of capture, nanoseconds since 1970.
    pub realtime_ns: U64,
    /// The container's CLOCK_MONOTONIC at the moment of capture.
    pub monotonic_ns: U64,
    /// The container's CLOCK_BOOTTIME at the moment of capture.
    pub boottime_ns: U64,
    /// `uname -r`, zero padded.
    pub kernel_release: [u8; 64],
    /// `uname -v`, zero padded.
    pub kernel_version: [u8; 64],
    /// `uname -n`, zero padded.
    pub node: [u8; 64],
    /// Random; the same in all images of one boot of one kernel. Zero: not known.
    pub boot_id: [u8; 16],
}
record!(Header, zero reserved, rule is_readable);

impl Header {
    /// An image, of a version that this source knows, within the limits.
    fn is_readable(&self) -> Result<(), Problem> {
        if self.magic != MAGIC {
            return Err(Problem::Magic);
        }
        let version = self.version.get();
        if version == 0 || version > VERSION {
            return Err(Problem::Version(version));
        }
        let page_size = self.page_size.get();
        if !page_size.is_power_of_two() || page_size > MAX_PAGE_SIZE {
            return Err(Problem::Value("page_size", page_size.into()));
        }
        let tasks = self.tasks.get();
        if tasks == 0 || tasks > MAX_TASKS {
            return Err(Problem::Value("tasks", tasks.into()));
        }
        let pids = self.pids.get();
        if pids == 0 || pids > MAX_TASKS {
            return Err(Problem::Value("pids", pids.into()));
        }
        Ok(())
    }
}

/// Registers of the cpuid instruction that tell what a CPU can do for programs.
pub const CPUID_REGISTERS: usize = 12;

/// Components of extended state that an image can describe.
pub const XSTATE_COMPONENTS: usize = 32;

/// Where a component of extended state lies in the layout of XSAVE; both zero: nowhere.
#[derive(
    Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, PartialEq, Unaligned,
)]
#[repr(C)]
pub struct XstateComponent {
    /// Offset in bytes.
    pub offset: U32,
    /// Bytes.
    pub size: U32,
}

/// What the registers need of a machine.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct MachineX86_64 {
    /// Extended state components in use on the writer (bits of XCR0).
    pub xfeatures: Mask64,
    /// Bytes of a thread's extended state in the layout of XSAVE.
    pub xstate_size: U32,
    /// Bits of `MACHINE_*`.
    pub flags: U32,
    /// AT_HWCAP.
    pub hwcap: Mask64,
    /// AT_HWCAP2.
    pub hwcap2: Mask64,
    /// Must be zero.
    pub reserved: U64,
    /// What cpuid gives: leaf 1 ecx edx, 7 ebx ecx edx, 7.1 eax edx, 0xd.1 eax, 0x80000001 ecx edx,
    /// 0x80000008 ebx, 0x80000021 eax. All zero: the writer did not look.
    pub cpuid: [Mask32; CPUID_REGISTERS],
    /// The components that `xfeatures` names, at their numbers. All zero: the writer did not look.
    pub layout: [XstateComponent; XSTATE_COMPONENTS],
    /// AT_MINSIGSTKSZ: the most that the kernel puts on a stack for a signal.
    pub signal_frame_size: U32,
    /// Must be zero.
    pub reserved_end: U32,
}
record!(MachineX86_64, zero reserved, zero reserved_end, bits flags = MACHINE_FSGSBASE);

/// The CPU has FSGSBASE.
pub const MACHINE_FSGSBASE: u32 = 1 << 0;

/// Largest tail of a `Vdso` record.
pub const MAX_VDSO: u64 = 256 * 1024;

/// The code page that libraries call into; the tail is its bytes.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Vdso {
    /// Bytes of data pages that lie before the code.
    pub data_size: U32,
    /// 64 for 64-bit programs, 32 for 32-bit ones.
    pub bits: U32,
}
record!(Vdso, one bits = 32 | 64);

/// Counts of the whole stream.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct End {
    /// Records before this one.
    pub records: U64,
    /// Bytes before this record.
    pub bytes: U64,
    /// Objects declared.
    pub objects: U32,
    /// Must be zero.
    pub reserved: U32,
    /// Pages stored.
    pub pages: U64,
    /// Pages of zero runs.
    pub zero_pages: U64,
    /// Pages of inherited runs.
    pub inherited_pages: U64,
}
record!(End, zero reserved);
