// SPDX-License-Identifier: GPL-2.0

//! Pages: the contents of private memory.
//!
//! Saves: what only this address space holds, swapped out or not. Pages that are zero cost nothing
//! where a hole is the same; elsewhere, over a file, they are a zero run. What the kernel may drop at any
//! time (MAP_DROPPABLE) it has dropped: programs keep there what must not be seen twice, such as the
//! state of a generator of random numbers.
//! Restores: the coordinator reads contents from the stream straight into the new pages: huge ones
//! where there was a transparent huge page, unless relatives share it, and where one can be had.
//! While one batch goes through the stream, another processor examines the next: every byte is
//! looked at once for zeros and checksum and once for copying, and the two overlap.
//! Locks: mmap_lock (read) for one look at a time; never held across a write or read of a stream.

use kernel::prelude::*;
use zerocopy::little_endian::{U32, U64};
use zerocopy::IntoBytes;

use crate::abstractions::pages::{Pages, Reads, BATCH};
use crate::abstractions::space::{self, flag, kind, AreaState, Space, PAGE};
use crate::abstractions::task;
use crate::format::memory::{InheritedPages, Pages as PagesRecord, ZeroPages, MAX_RUN, PAGES_HUGE};
use crate::format::reason::Reason;
use crate::format::{decode, Crc32c, Frame, Kind, ObjectId, Problem};
use crate::log::Refusal;
use crate::rooms::areas::{self, AreaPlan};
use crate::rooms::inherited::{self, Heritage};
use crate::rooms::memory::SpacePlan;
use crate::stream::{Sink, Source};

/// What a stream of pages came to.
#[derive(Clone, Copy, Default)]
pub(crate) struct Count {
    pub(crate) pages: u64,
    pub(crate) zero_pages: u64,
    pub(crate) skipped: u64,
    pub(crate) inherited: u64,
}

/// Pages that are looked at in one go, all of one area.
struct Batch {
    pages: Pages,
    /// For each: the address space that has it too, and comes first.
    owners: KVVec<Option<ObjectId>>,
    /// Zeros are kept.
    keeps_zeros: bool,
    /// Relatives may have some of them too.
    has_kin: bool,
}

impl Batch {
    fn new() -> Result<Self> {
        Ok(Self {
            pages: Pages::new()?,
            owners: KVVec::with_capacity(BATCH, GFP_KERNEL)?,
            keeps_zeros: false,
            has_kin: false,
        })
    }

    /// Finds the pages from `from` on, reads them in, and finds out whose they are. Returns where to
    /// go on.
    fn collect(
        &mut self,
        space: &Space,
        area: &AreaState,
        from: u64,
        heritage: &Heritage<'_>,
    ) -> Result<u64, Refusal> {
        self.keeps_zeros = areas::state_keeps_zeros(area);
        self.has_kin = area.lineage != 0;
        let next = self.pages.collect(space, from, area.end)?;
        fetch_absent(space, &mut self.pages)?;
        self.owners.clear();
        while self.owners.len() < self.pages.len() {
            let first = self.owners.len();
            let found = self.has_kin.then(|| heritage.run(&self.pages, first));
            let (owner, count) = match found.flatten() {
                Some((owner, count)) => (Some(owner), count),
                None => (None, 1),
            };
            if owner.is_some() {
                self.pages.pass(first, count);
            }
            let end = first.saturating_add(count);
            self.owners.resize(end, owner, GFP_KERNEL)?;
        }
        self.pages.examine();
        Ok(next)
    }

    fn owner(&self, index: usize) -> Option<ObjectId> {
        self.owners.get(index).copied().flatten()
    }

    /// How many pages from `first` on lie one after the other and have the same owner.
    fn run_of_owner(&self, first: usize) -> usize {
        let mut end = first.saturating_add(1);
        while self.pages.follows(end) && self.owner(end) == self.owner(first) {
            end = end.saturating_add(1);
        }
        end.saturating_sub(first)
    }
}

/// Writes the pages of an address space.
pub(crate) fn stream(
    id: ObjectId,
    space: &Space,
    heritage: &mut Heritage<'_>,
    sink: &mut Sink,
    count: &mut Count,
) -> Result<(), Refusal> {
    // While one batch is written, another processor examines the next.
    let mut batch = Batch::new()?;
    let mut examined = Batch::new()?;
    let mut next = 0;
    while let Some(area) = space.area(next)? {
        next = area.state.end;
        let shared = area.state.flags & flag::SHARED != 0;
        let has_pages = matches!(
            area.state.kind,
            kind::ANONYMOUS | kind::FILE | kind::VDSO | kind::HUGE
        );
        let is_dropped = area.state.flags & flag::DROPPABLE != 0;
        if shared || is_dropped || !has_pages {
            continue;
        }
        let mut from = area.state.start;
        while from < area.state.end {
            from = batch.collect(space, &area.state, from, heritage)?;
            stream_batch(id, &mut examined, heritage, sink, count)?;
            core::mem::swap(&mut batch, &mut examined);
        }
    }
    stream_batch(id, &mut examined, heritage, sink, count)
}

/// Reads in what is swapped out.
pub(super) fn fetch_absent(space: &Space, pages: &mut Pages) -> Result<(), Refusal> {
    for index in 0..pages.len() {
        if pages.is_absent(index) {
            pages.fetch(space, index).map_err(|error| {
                Refusal::new(Reason::PageUnreadable, error).address(pages.address(index))
            })?;
        }
    }
    Ok(())
}

/// Writes a batch as runs: of contents, of what is another's too, or of zeros where a hole would not
/// read as zero.
fn stream_batch(
    id: ObjectId,
    batch: &mut Batch,
    heritage: &mut Heritage<'_>,
    sink: &mut Sink,
    count: &mut Count,
) -> Result<(), Refusal> {
    let mut first = 0;
    while first < batch.pages.len() {
        let same_owner = batch.run_of_owner(first);
        let address = U64::new(batch.pages.address(first));
        if let Some(from) = batch.owner(first) {
            let record = InheritedPages {
                space: id,
                from,
                address,
                count: U64::new(same_owner as u64),
            };
            let bytes = record.as_bytes();
            sink.record(Kind::InheritedPages, bytes.len() as u32, bytes)?;
            count.inherited = count.inherited.saturating_add(same_owner as u64);
            first = first.saturating_add(same_owner);
            continue;
        }
        let (run, reads) = batch.pages.run(first, same_owner);
        if reads == Reads::Content {
            let record = PagesRecord {
                space: id,
                flags: U32::new(if batch.pages.is_huge(first) {
                    PAGES_HUGE
                } else {
                    0
                }),
                address,
            };
            sink.pages(Kind::Pages, record.as_bytes(), &mut batch.pages, first, run)?;
            if batch.has_kin {
                heritage.wrote(id, &batch.pages, first, run)?;
            }
            count.pages = count.pages.saturating_add(run as u64);
        } else if batch.keeps_zeros {
            let record = ZeroPages {
                space: id,
                reserved: U32::ZERO,
                address,
                count: U64::new(run as u64),
            };
            let bytes = record.as_bytes();
            sink.record(Kind::ZeroPages, bytes.len() as u32, bytes)?;
            count.zero_pages = count.zero_pages.saturating_add(run as u64);
        } else {
            count.skipped = count.skipped.saturating_add(run as u64);
        }
        first = first.saturating_add(run);
    }
    Ok(())
}

/// A batch that has been read.
struct Unverified {
    frame: Frame,
    /// What the checksum begins with, if the batch is the first of its record.
    seed: Option<Crc32c>,
    is_last: bool,
}

/// Bytes of a run of pages: some whole pages, and not too many.
pub(super) fn length_of_run(frame: &Frame) -> Result<u64, Refusal> {
    match frame.tail() {
        size if size != 0 && size % PAGE == 0 && size / PAGE <= MAX_RUN => Ok(size),
        size => Err(frame.error(Problem::Length(size)).into()),
    }
}

/// A huge page is worth it, and not too much for the bytes that have arrived, with so much in it.
const WORTH_A_HUGE_PAGE: u64 = space::HUGE_PAGE / 8;

/// Gets huge pages for a run that was in some.
fn make_huge(space: &Space, area: &AreaPlan, start: u64, size: u64) {
    let end = start.saturating_add(size);
    let mut block = start.saturating_sub(start % space::HUGE_PAGE);
    while block < end {
        let next = block.saturating_add(space::HUGE_PAGE);
        let filled = end.min(next).saturating_sub(start.max(block));
        if area.start() <= block && next <= area.end() && filled >= WORTH_A_HUGE_PAGE {
            Pages::make_huge(space, block);
        }
        block = next;
    }
}

/// Address spaces that are being filled.
pub(crate) struct Fill<'a> {
    plans: &'a [SpacePlan],
    spaces: KVVec<Space>,
    /// Where the last run of each ended: runs ascend and do not overlap.
    filled: KVVec<u64>,
    pages: Pages,
    /// The batch that was read last. While another processor examines it, the next is read.
    examined: Pages,
    unverified: Option<Unverified>,
    /// Of the record that is being read, up to the last batch that was verified.
    checksum: Crc32c,
    /// Pages read so far.
    pub(crate) stored: u64,
    /// Pages cleared so far.
    pub(crate) cleared: u64,
    /// Pages shared so far.
    pub(crate) inherited: u64,
}

impl<'a> Fill<'a> {
    /// Nothing is filled yet. `spaces`: the new ones, in the order of the plans.
    pub(crate) fn new(plans: &'a [SpacePlan], spaces: KVVec<Space>) -> Result<Self, Refusal> {
        inherited::join(plans, &spaces)?;
        Ok(Self {
            plans,
            filled: KVVec::from_elem(0, spaces.len(), GFP_KERNEL)?,
            spaces,
            pages: Pages::new()?,
            examined: Pages::new()?,
            unverified: None,
            checksum: Crc32c::new(),
            stored: 0,
            cleared: 0,
            inherited: 0,
        })
    }

    /// The private area that a run lies in, if it lies in one and past what was filled; and the
    /// place of its address space.
    fn room(
        &mut self,
        frame: &Frame,
        id: ObjectId,
        start: u64,
        count: u64,
    ) -> Result<(&'a AreaPlan, usize), Refusal> {
        let index = self.index_of(frame, "space", id)?;
        let plan = self.plans.get(index).ok_or(EINVAL)?;
        let filled = self.filled.get_mut(index).ok_or(EINVAL)?;
        let misplaced = || frame.error(Problem::Value("address", start));
        let size = count.checked_mul(PAGE).ok_or_else(misplaced)?;
        let area = plan.room(start, size, filled).ok_or_else(misplaced)?;
        Ok((area, index))
    }

    /// The place of an address space.
    fn index_of(&self, frame: &Frame, name: &'static str, id: ObjectId) -> Result<usize, Refusal> {
        let found = self
            .plans
            .binary_search_by_key(&id.get(), |plan| plan.id.get());
        Ok(found.map_err(|_| frame.error(Problem::Reference(name, id.get())))?)
    }

    /// Gets pages of an address space, to be filled.
    fn pin(&mut self, index: usize, start: u64, count: usize) -> Result<(), Refusal> {
        let space = self.spaces.get(index).ok_or(EINVAL)?;
        self.pages
            .pin(space, start, count)
            .map_err(|error| Refusal::new(Reason::AreaNotMapped, error).address(start))
    }

    /// Reads a run of pages into place.
    pub(crate) fn contents(
        &mut self,
        frame: &Frame,
        payload: &[u8],
        source: &mut Source,
    ) -> Result<(), Refusal> {
        let (record, _) = decode::<PagesRecord>(frame, payload)?;
        let size = length_of_run(frame)?;
        let start = record.address.get();
        let (area, index) = self.room(frame, record.space, start, size / PAGE)?;
        if record.flags.get() & PAGES_HUGE != 0 {
            let space = self.spaces.get(index).ok_or(EINVAL)?;
            make_huge(space, area, start, size);
        }
        let mut seed = Some(frame.seed().with(payload));
        let mut done = 0;
        while done < size {
            let count = (size.saturating_sub(done) / PAGE).min(BATCH as u64) as usize;
            self.pin(index, start.saturating_add(done), count)?;
            source.pages(frame, &mut self.pages, count)?;
            self.pages.examine();
            self.verify()?;
            core::mem::swap(&mut self.pages, &mut self.examined);
            done = done.saturating_add((count as u64).saturating_mul(PAGE));
            self.unverified = Some(Unverified {
                frame: *frame,
                seed: seed.take(),
                is_last: done >= size,
            });
        }
        self.stored = self.stored.saturating_add(size / PAGE);
        Ok(())
    }

    /// Verifies the batch that was read last. The next one is read before that, so whatever is wrong
    /// with that one may only be the consequence: asked first, this says what was the matter.
    pub(crate) fn verify(&mut self) -> Result<(), Refusal> {
        let Some(batch) = self.unverified.take() else {
            return Ok(());
        };
        let seed = batch.seed.unwrap_or(self.checksum);
        self.checksum = self.examined.sum(self.examined.len(), seed);
        self.examined.release(true);
        if batch.is_last {
            batch.frame.verify(self.checksum)?;
        }
        Ok(())
    }

    /// Clears a run of pages.
    pub(crate) fn zeros(&mut self, frame: &Frame, payload: &[u8]) -> Result<(), Refusal> {
        let (record, _) = decode::<ZeroPages>(frame, payload)?;
        let (start, count) = (record.address.get(), record.count.get());
        let (area, index) = self.room(frame, record.space, start, count)?;
        // Empty memory is zero by itself.
        if count == 0 || !area.keeps_zeros() {
            return Err(frame.error(Problem::Value("address", start)).into());
        }
        let mut done = 0;
        while done < count {
            if task::is_interrupted() {
                return Err(Refusal::new(Reason::Interrupted, EINTR));
            }
            let batch = count.saturating_sub(done).min(BATCH as u64) as usize;
            let at = start.saturating_add(done.saturating_mul(PAGE));
            self.pin(index, at, batch)?;
            for index in 0..self.pages.len() {
                self.pages.clear(index);
            }
            self.pages.release(true);
            done = done.saturating_add(batch as u64);
        }
        self.cleared = self.cleared.saturating_add(count);
        Ok(())
    }

    /// Lets an address space share pages that another one has.
    pub(crate) fn inherit(&mut self, frame: &Frame, payload: &[u8]) -> Result<(), Refusal> {
        let (record, _) = decode::<InheritedPages>(frame, payload)?;
        let (start, count) = (record.address.get(), record.count.get());
        let (area, index) = self.room(frame, record.space, start, count)?;
        let lineage = area.lineage();
        let from = self.index_of(frame, "from", record.from)?;
        // What is read last may be what is shared.
        self.verify()?;
        let misplaced = || frame.error(Problem::Value("address", start));
        let end = start.saturating_add(count.saturating_mul(PAGE));
        let mut at = start;
        while at < end {
            let source = self.plans.get(from).and_then(|plan| plan.area_at(at));
            let is_kin = |source: &&AreaPlan| source.lineage() == lineage;
            let source = source.filter(is_kin).ok_or_else(misplaced)?;
            let batch = at.saturating_add((BATCH as u64).saturating_mul(PAGE));
            let to = end.min(source.end()).min(batch);
            let space = self.spaces.get(index).ok_or(EINVAL)?;
            let from = self.spaces.get(from).ok_or(EINVAL)?;
            inherited::inherit(space, from, (at, to), &mut self.pages, &mut self.examined)?;
            at = to;
        }
        if count == 0 || lineage.is_none() {
            return Err(misplaced().into());
        }
        self.inherited = self.inherited.saturating_add(count);
        Ok(())
    }
}
