// SPDX-License-Identifier: GPL-2.0

//! Open files that are not in the image: whoever restarts it hands them in.

use zerocopy::little_endian::U32;
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Mask32, Mode, ObjectId};
use super::Problem;

/// An open file that belongs to the outside: a pipe or socket with its other end there, a terminal,
/// a file that is shared with a task there. Descriptors refer to it like to an `OpenFile`. The tail
/// is what it was called.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Handed {
    /// The object that this record declares.
    pub id: ObjectId,
    /// File type and permissions, as stat(2) gives them.
    pub mode: Mode,
    /// Access mode and status flags, as fcntl(F_GETFL) gives them.
    pub flags: Mask32,
    /// Device number of a character device (major << 20 | minor); else zero.
    pub device: Mask32,
    /// The descriptor whose place it had: the restarter hands in one by that number.
    pub number: U32,
    /// Bits of `HANDED_*`.
    pub needs: U32,
}
record!(
    Handed,
    bits needs = HANDED_READS | HANDED_WRITES,
    rule is_possible
);

/// What is handed in must be open for reading.
pub const HANDED_READS: u32 = 1 << 0;
/// What is handed in must be open for writing.
pub const HANDED_WRITES: u32 = 1 << 1;

impl Handed {
    fn is_possible(&self) -> Result<(), Problem> {
        const S_IFIFO: u32 = 0o010_000;
        const S_IFCHR: u32 = 0o020_000;
        const S_IFREG: u32 = 0o100_000;
        const S_IFSOCK: u32 = 0o140_000;
        const O_PATH: u32 = 0o10_000_000;

        let (mode, flags) = (self.mode.get(), self.flags.get());
        let (device, number) = (self.device.get(), self.number.get());
        let kind = mode & 0o170_000;
        if !matches!(kind, S_IFIFO | S_IFCHR | S_IFREG | S_IFSOCK) {
            return Err(Problem::Value("mode", mode.into()));
        }
        if kind != S_IFCHR && device != 0 {
            return Err(Problem::Value("device", device.into()));
        }
        if number > i32::MAX as u32 {
            return Err(Problem::Value("number", number.into()));
        }
        let open_for = match flags & 3 {
            _ if flags & O_PATH != 0 => 0,
            0 => HANDED_READS,
            1 => HANDED_WRITES,
            2 => HANDED_READS | HANDED_WRITES,
            _ => 0,
        };
        match self.needs.get() {
            _ if open_for == 0 => Err(Problem::Value("flags", flags.into())),
            needs if needs == 0 || needs & !open_for != 0 => {
                Err(Problem::Value("needs", needs.into()))
            }
            _ => Ok(()),
        }
    }
}
