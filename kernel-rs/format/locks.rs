// SPDX-License-Identifier: GPL-2.0

//! Locks and leases on open files.

use zerocopy::little_endian::{U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, ObjectId};
use super::Problem;

/// One lock or lease that is held. Those of an inode come in the order in which the kernel has
/// them: of two that stand in somebody's way, it is the first that he is told of.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct FileLock {
    /// The `OpenFile` by which it was taken; for all but record locks also whose it is.
    pub file: ObjectId,
    /// Of a record lock: the `DescriptorTable` whose it is; else none.
    pub owner: ObjectId,
    /// The `Pid` of the process that took it; none: it is gone, or outside.
    pub pid: ObjectId,
    /// One of `LOCK_FORM_*`.
    pub form: U32,
    /// Bits of `LOCK_WRITE` and `LEASE_*`.
    pub flags: U32,
    /// Of a lease: the descriptor that is told of when it is broken; else zero.
    pub number: U32,
    /// The first byte of a record lock, and of one of an open file; else zero.
    pub start: U64,
    /// The last byte of it, `MAX_LOCK_END` for whatever is to come; else zero.
    pub end: U64,
    /// Of a lease that is to be given up: nanoseconds, and one, until it is taken away; zero: it
    /// is not.
    pub break_ns: U64,
    /// Of one that is to be shared: likewise, until it is.
    pub share_ns: U64,
}
record!(
    FileLock,
    bits flags = LOCK_WRITE | LEASE_BREAKS | LEASE_SHARES,
    one form = LOCK_FORM_WHOLE | LOCK_FORM_RECORD | LOCK_FORM_OPEN_FILE | LOCK_FORM_LEASE,
    rule is_possible
);

/// flock(2).
pub const LOCK_FORM_WHOLE: u32 = 1;
/// fcntl(F_SETLK).
pub const LOCK_FORM_RECORD: u32 = 2;
/// fcntl(F_OFD_SETLK).
pub const LOCK_FORM_OPEN_FILE: u32 = 3;
/// fcntl(F_SETLEASE).
pub const LOCK_FORM_LEASE: u32 = 4;

/// For writing, exclusive; else for reading, shared.
pub const LOCK_WRITE: u32 = 1 << 0;
/// A lease that somebody wants to be given up.
pub const LEASE_BREAKS: u32 = 1 << 1;
/// A lease for writing that somebody wants to be made one for reading.
pub const LEASE_SHARES: u32 = 1 << 2;

/// The end of a lock that has none.
pub const MAX_LOCK_END: u64 = 0x7fff_ffff_ffff_ffff;

impl FileLock {
    fn is_possible(&self) -> Result<(), Problem> {
        let value = |name, value: u64| Err(Problem::Value(name, value));
        let (form, flags) = (self.form.get(), self.flags.get());
        let (start, end) = (self.start.get(), self.end.get());
        let is_record = form == LOCK_FORM_RECORD;
        if is_record != (self.owner != ObjectId::NONE) {
            return value("owner", self.owner.get().into());
        }
        if start > end || end > MAX_LOCK_END {
            return value("end", end);
        }
        if !is_record && form != LOCK_FORM_OPEN_FILE && end != 0 {
            return value("end", end);
        }
        if form == LOCK_FORM_LEASE {
            return match self.number.get() > i32::MAX as u32 {
                true => value("number", self.number.get().into()),
                false => Ok(()),
            };
        }
        let times = self.break_ns.get() | self.share_ns.get();
        if flags & !LOCK_WRITE != 0 || times != 0 || self.number.get() != 0 {
            return value("flags", flags.into());
        }
        Ok(())
    }
}
