// SPDX-License-Identifier: GPL-2.0

//! The local descriptor table of an address space (modify_ldt).
//!
//! Saves: its entries and its size. Segments of a thread are in `cpu`.
//! Restores: entry by entry, each checked as modify_ldt(2) would; in the task itself, before
//! selectors are loaded.
//! Locks: the address space's own lock for the table, inside one call of the glue.

use kernel::prelude::*;
use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, IntoBytes};

use crate::abstractions::cpu::{self, Segment};
use crate::abstractions::space::Space;
use crate::capture::Capture;
use crate::format::cpu_x86_64::{LocalDescriptors, TlsSegment};
use crate::format::reason::Reason;
use crate::format::ObjectId;
use crate::log::Refusal;

/// What fill_user_desc() makes of an entry that is not in use: read-only and not present.
const UNUSED: u32 = 1 << 3 | 1 << 5;

fn is_unused(segment: &Segment) -> bool {
    segment.base == 0 && segment.limit == 0 && segment.flags == UNUSED
}

/// Describes the table of an address space, if it has one.
pub(crate) fn capture(of: &Space, space: ObjectId, out: &mut Capture<'_>) -> Result {
    let table = cpu::local_descriptors(of)?;
    if table.is_empty() {
        return Ok(());
    }
    let mut used = KVVec::new();
    for segment in table.iter().filter(|segment| !is_unused(segment)) {
        let record = TlsSegment {
            entry: U32::new(segment.entry),
            base: U32::new(segment.base),
            limit: U32::new(segment.limit),
            flags: U32::new(segment.flags),
        };
        used.push(record, GFP_KERNEL_ACCOUNT)?;
    }
    out.record(
        &LocalDescriptors {
            space,
            entries: U32::new(u32::try_from(table.len())?),
            used: U32::new(u32::try_from(used.len())?),
            reserved: U32::ZERO,
        },
        used.as_bytes(),
    )
}

/// A table as the image describes it.
pub(crate) struct TablePlan {
    entries: u32,
    used: KVVec<TlsSegment>,
}

impl TablePlan {
    /// Takes a record in.
    pub(crate) fn new(record: &LocalDescriptors, tail: &[u8]) -> Result<Self, Refusal> {
        let mut used = KVVec::new();
        for bytes in tail.chunks_exact(size_of::<TlsSegment>()) {
            let segment = TlsSegment::read_from_bytes(bytes).map_err(|_| EINVAL)?;
            let number = segment.entry.get();
            let last = used.last().map(|last: &TlsSegment| last.entry.get());
            if number >= record.entries.get() || last.is_some_and(|last| last >= number) {
                return Err(Refusal::new(Reason::ImageValue, EINVAL)
                    .name("entry")
                    .value(number.into()));
            }
            used.push(segment, GFP_KERNEL_ACCOUNT)?;
        }
        Ok(Self {
            entries: record.entries.get(),
            used,
        })
    }

    /// Gives it to the caller's new address space.
    pub(crate) fn restore(&self) -> Result<(), Refusal> {
        // The last entry makes the table as long as it was, in use or not.
        let last = Segment {
            entry: self.entries.saturating_sub(1),
            flags: UNUSED,
            ..Segment::default()
        };
        let used = self.used.iter().map(|segment| Segment {
            entry: segment.entry.get(),
            base: segment.base.get(),
            limit: segment.limit.get(),
            flags: segment.flags.get(),
        });
        for segment in Iterator::chain(core::iter::once(last), used) {
            cpu::set_local_descriptor(&segment).map_err(|error| {
                Refusal::new(Reason::StateNotRestored, error).name("its local descriptor table")
            })?;
        }
        Ok(())
    }
}
