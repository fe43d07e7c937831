// SPDX-License-Identifier: GPL-2.0

//! What pidfds stand for.

use zerocopy::little_endian::{I32, U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Mask32, ObjectId};
use super::Problem;

/// A task that pidfds stand for. Every such `OpenFile` refers to this record.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct PidfdTarget {
    /// The object that this record declares.
    pub id: ObjectId,
    /// Its `Pid`, which a member has. Of one that was reaped: that of the process group which still
    /// goes by it; or none: then nothing tells what its number was.
    pub pid: ObjectId,
    /// Bits of `TARGET_*`.
    pub flags: U32,
    /// Of one that was reaped: how it had ended, as wait(2) tells; else zero.
    pub status: U32,
    /// Of one that was reaped: the id of the cgroup that it was in; zero: the container's.
    pub cgroup: U64,
    /// Of one that has dumped a core: bits of `PIDFD_COREDUMP_*`; else zero, as is what follows.
    pub core_mask: Mask32,
    /// The signal for which it has.
    pub core_signal: U32,
    /// The code of that signal.
    pub core_code: I32,
    /// Must be zero.
    pub reserved: U32,
}
record!(
    PidfdTarget,
    zero reserved,
    bits flags = TARGET_DUMPED | TARGET_REAPED,
    rule is_dead_or_not
);

/// It has ended and left a core, and what it was told by PIDFD_GET_INFO.
pub const TARGET_DUMPED: u32 = 1 << 0;
/// It has been waited for already.
pub const TARGET_REAPED: u32 = 1 << 1;

/// Every bit that `core_mask` may have.
const CORE_MASK: u32 = 0xf;

impl PidfdTarget {
    /// Has it been waited for already?
    pub fn was_reaped(&self) -> bool {
        self.flags.get() & TARGET_REAPED != 0
    }

    /// Has it dumped a core?
    pub fn has_dumped(&self) -> bool {
        self.flags.get() & TARGET_DUMPED != 0
    }

    fn is_dead_or_not(&self) -> Result<(), Problem> {
        let value = |name, value: u64| Err(Problem::Value(name, value));
        let status = self.status.get();
        let most = if self.was_reaped() { 0xffff } else { 0 };
        if status > most {
            return value("status", status.into());
        }
        if !self.was_reaped() && self.pid == ObjectId::NONE {
            return value("pid", 0);
        }
        if !self.was_reaped() && self.cgroup.get() != 0 {
            return value("cgroup", self.cgroup.get());
        }
        let (mask, signal) = (self.core_mask.get(), self.core_signal.get());
        let is_blank = mask == 0 && signal == 0 && self.core_code.get() == 0;
        if mask & !CORE_MASK != 0 || (!self.has_dumped() && !is_blank) {
            return value("core_mask", mask.into());
        }
        match signal {
            0..=64 => Ok(()),
            _ => value("core_signal", signal.into()),
        }
    }
}
