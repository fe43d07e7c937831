// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Contents: what is in storages.
//!
//! Saves: every page that takes room. What is a hole stays one, what was reserved by fallocate(2)
//! stays reserved, a page of zeros costs a record per run. Huge pages that are promised to a file
//! stay promised. Of memory that only the container has the pages go out as they are; everything
//! else is read as read(2) would, so that what is written belongs to what its checksum was made from.
//! Refuses: memory, and files without a name that are written to, that somebody outside has open or
//! mapped, be it only when all was written; a file that was written to meanwhile. Who writes to memory
//! that he came to have after the first look and has left before the last is not seen. Memory that an error
//! of the machine has destroyed.
//! Restores: the coordinator reads pages of memory straight into place, on behalf of the container's
//! memory cgroup, and writes to other files by way of a few pages of its own. Huge pages count for
//! the hugetlb cgroup of the coordinator: nothing can charge another one. What a file has that was
//! found is compared, byte by byte: memory that is stored to keeps its modification time.
//! Locks: locks of folios and inodes, inside calls of the glue; none while a stream is waited for.

use kernel::prelude::*;
use zerocopy::little_endian::{U32, U64};
use zerocopy::IntoBytes;

use super::descriptors::in_flight;
use super::files::{changed, FilePlan};
use super::kinds::{S_IFMT, S_IFREG};
use super::pages::{self, Count};
use super::storage::{StoragePlan, Storages};
use crate::abstractions::cgroup::Cgroup;
use crate::abstractions::descriptors::{self, Suspect};
use crate::abstractions::errno;
use crate::abstractions::file::OpenFile;
use crate::abstractions::pages::{Pages, Reads, BATCH};
use crate::abstractions::space::{Space, PAGE};
use crate::abstractions::task;
use crate::capture::Capture;
use crate::format::reason::Reason;
use crate::format::storage::{
    ContentPages, ContentZeros, Storage, CONTENT_PROMISED, CONTENT_RESERVED,
};
use crate::format::{decode, Frame, Kind, ObjectId, Problem};
use crate::log::Refusal;
use crate::sort;
use crate::stream::{Arrived, Sink, Source};

/// Content that the stream has to carry.
pub(crate) struct Content {
    storage: Storage,
    file: OpenFile,
    /// Of memory.
    is_object: bool,
    /// What to say if somebody outside has it too; None: that does no harm.
    pub(super) suspicion: Option<Refusal>,
    name: KVVec<u8>,
}

impl Content {
    /// That of `file`, which the image calls `storage`.
    pub(super) fn new(
        file: &OpenFile,
        storage: &Storage,
        is_object: bool,
        name: &[u8],
    ) -> Result<Self> {
        let mut copy = KVVec::new();
        copy.extend_from_slice(name, GFP_KERNEL_ACCOUNT)?;
        Ok(Self {
            storage: *storage,
            // A file of our own: what the task has is not moved.
            file: file.open_contents()?,
            is_object,
            suspicion: None,
            name: copy,
        })
    }

    fn refusal(&self, reason: Reason, error: Error) -> Refusal {
        Refusal::new(reason, error).text(&self.name)
    }

    /// Writes it. Nobody outside the cgroup has changed it since it was described.
    pub(crate) fn stream(&self, sink: &mut Sink, count: &mut Count) -> Result<(), Refusal> {
        self.stream_promises(sink, count)?;
        let mut pages = Pages::new()?;
        if self.is_object {
            self.stream_pages(&mut pages, sink, count)?;
        } else {
            self.stream_bytes(&mut pages, sink, count)?;
        }
        pages.release(false);
        self.check_unchanged()
    }

    fn check_unchanged(&self) -> Result<(), Refusal> {
        let now = self.file.storage()?;
        let same = now.size == self.storage.size.get()
            && now.mtime_s == self.storage.mtime_s.get()
            && now.mtime_ns == self.storage.mtime_ns.get();
        if same {
            Ok(())
        } else {
            Err(self.refusal(Reason::StorageChanged, EAGAIN))
        }
    }

    fn stream_promises(&self, sink: &mut Sink, count: &mut Count) -> Result<(), Refusal> {
        let mut at = 0;
        while let Some((start, end)) = self.file.next_promise(at) {
            let pages = end.saturating_sub(start) / PAGE;
            zeros(self.storage.id, CONTENT_PROMISED, start, pages, sink, count)?;
            at = end;
        }
        Ok(())
    }

    fn stream_pages(
        &self,
        pages: &mut Pages,
        sink: &mut Sink,
        count: &mut Count,
    ) -> Result<(), Refusal> {
        let unreadable = |error| self.refusal(Reason::StorageUnreadable, error);
        let mut next = 0;
        while next != u64::MAX {
            let found = pages.collect_memory(&self.file, next);
            next = found.map_err(|error| match error == EIO {
                true => unreadable(error),
                false => error.into(),
            })?;
            for index in 0..pages.len() {
                if pages.is_absent(index) {
                    pages.fetch_shmem(&self.file, index).map_err(unreadable)?;
                }
            }
            stream_batch(self.storage.id, pages, sink, count)?;
        }
        Ok(())
    }

    fn stream_bytes(
        &self,
        pages: &mut Pages,
        sink: &mut Sink,
        count: &mut Count,
    ) -> Result<(), Refusal> {
        let unreadable = |error| self.refusal(Reason::StorageUnreadable, error);
        let size = self.storage.size.get();
        let mut at = 0u64;
        while at < size {
            let Some((start, end)) = self.file.next_data(at).map_err(unreadable)? else {
                break;
            };
            at = at.max(start / PAGE * PAGE);
            let end = end.min(size);
            while at < end {
                let rest = end.saturating_sub(at);
                let batch = (rest.div_ceil(PAGE) as usize).min(BATCH);
                pages.allocate(at, batch)?;
                let length = rest.min((batch as u64).saturating_mul(PAGE));
                // A file that has become shorter gives zeros.
                read(&self.file, pages, length).map_err(unreadable)?;
                stream_batch(self.storage.id, pages, sink, count)?;
                at = at.saturating_add((batch as u64).saturating_mul(PAGE));
            }
        }
        Ok(())
    }
}

/// Reads the first bytes that pages stand for; gives how many there are.
fn read(file: &OpenFile, pages: &mut Pages, length: u64) -> Result<u64> {
    let mut done = 0;
    while done < length {
        match pages.read_contents(file, done, length.saturating_sub(done))? {
            0 => break,
            got => done = done.saturating_add(got as u64),
        }
    }
    Ok(done)
}

/// What somebody outside has too, mapped or not. When all tasks have been looked at; those outside are
/// gone through once.
pub(crate) fn refuse_shared(out: &mut Capture<'_>) -> Result {
    // Who receives what was on its way has it open then: queues first, and queues last.
    let mut alone = Alone::of(&out.contents)?;
    let earlier = in_flight(&alone.inodes, out)?;
    alone.look_outside(out.cgroup)?;
    let flights = in_flight(&alone.inodes, out)?;
    let flights = flights.iter().zip(earlier.iter());
    let flights = flights.map(|(late, early)| late.as_ref().or(early.as_ref()));
    let found = alone.suspects.iter().zip(flights).zip(&alone.places);
    for ((suspect, flight), place) in found {
        let content = out.contents.get_mut(*place).ok_or(EINVAL)?;
        let inode = content.file.inode();
        let Some(suspicion) = content.suspicion.take() else {
            continue;
        };
        let refusal = match (suspect.outsider(), flight) {
            (0, None) => {
                content.suspicion = Some(suspicion);
                continue;
            }
            (0, Some(flight)) => flight.blame(suspicion, &content.name)?,
            (outsider, _) => suspicion.outsider(outsider),
        };
        // Of an open file that both have, that has been said.
        let is_said = |file: &OpenFile| {
            file.inode() == inode
                && out
                    .known(file.identity())
                    .is_some_and(|id| out.is_refused(id))
        };
        if !out.files().iter().any(is_said) {
            out.refuse(refusal);
        }
    }
    Ok(())
}

/// Once all of them are written: who has memory changes it without a trace, and while its pages go out.
pub(crate) fn check_unshared(contents: &[Content], cgroup: &Cgroup) -> Result<(), Refusal> {
    let mut alone = Alone::of(contents)?;
    alone.look_outside(cgroup)?;
    for (suspect, place) in alone.suspects.iter().zip(&alone.places) {
        let content = contents.get(*place).ok_or(EINVAL)?;
        let outsider = match suspect.outsider() {
            0 => content.file.mapper_outside(cgroup),
            outsider => outsider,
        };
        if outsider != 0 {
            let refusal = content.refusal(Reason::StorageShared, errno::not_supported());
            return Err(refusal.outsider(outsider));
        }
    }
    Ok(())
}

/// Contents that nobody outside may have, by their inodes in ascending order, and who has them open.
struct Alone {
    inodes: KVVec<usize>,
    places: KVVec<usize>,
    suspects: KVVec<Suspect>,
}

impl Alone {
    fn of(contents: &[Content]) -> Result<Self> {
        let mut places = KVVec::new();
        for (place, content) in contents.iter().enumerate() {
            if content.suspicion.is_some() {
                places.push(place, GFP_KERNEL)?;
            }
        }
        let file = |place: &usize| contents.get(*place).map(|content| &content.file);
        sort::by_key(&mut places, |place| file(place).map(OpenFile::inode));
        let (mut inodes, mut suspects) = (KVVec::new(), KVVec::new());
        for file in places.iter().filter_map(file) {
            inodes.push(file.inode(), GFP_KERNEL)?;
            suspects.push(Suspect::of_inode_found(file), GFP_KERNEL)?;
        }
        Ok(Self {
            inodes,
            places,
            suspects,
        })
    }

    fn look_outside(&mut self, cgroup: &Cgroup) -> Result {
        descriptors::find_outside(cgroup, &mut self.suspects)
    }
}

/// Writes a batch as runs: of contents, and of zeros that take room.
fn stream_batch(
    id: ObjectId,
    pages: &mut Pages,
    sink: &mut Sink,
    count: &mut Count,
) -> Result<(), Refusal> {
    let mut first = 0;
    while first < pages.len() {
        let (run, reads) = pages.run(first, BATCH);
        let offset = pages.address(first);
        if reads == Reads::Content {
            let record = ContentPages {
                storage: id,
                reserved: U32::ZERO,
                offset: U64::new(offset),
            };
            sink.pages(Kind::ContentPages, record.as_bytes(), pages, first, run)?;
            count.pages = count.pages.saturating_add(run as u64);
        } else {
            let flags = match reads {
                Reads::Nothing => CONTENT_RESERVED,
                _ => 0,
            };
            zeros(id, flags, offset, run as u64, sink, count)?;
        }
        first = first.saturating_add(run);
    }
    Ok(())
}

fn zeros(
    id: ObjectId,
    flags: u32,
    offset: u64,
    run: u64,
    sink: &mut Sink,
    count: &mut Count,
) -> Result<(), Refusal> {
    let record = ContentZeros {
        storage: id,
        flags: U32::new(flags),
        offset: U64::new(offset),
        count: U64::new(run),
    };
    let bytes = record.as_bytes();
    sink.record(Kind::ContentZeros, bytes.len() as u32, bytes)?;
    count.zero_pages = count.zero_pages.saturating_add(run);
    Ok(())
}

/// Storages that are being filled.
pub(crate) struct Filling<'a> {
    plans: &'a [StoragePlan],
    storages: &'a mut Storages,
    payer: &'a Space,
    /// Those that were found, to be compared.
    found: KVVec<Option<Found>>,
    /// Where the last run of each ended: runs ascend and do not overlap.
    filled: KVVec<u64>,
    /// Likewise, of what is promised.
    promised: KVVec<u64>,
    /// What the stream has, and what a file that was found has.
    pages: Pages,
    beside: Pages,
    /// What was read so far.
    pub(crate) count: Count,
}

impl<'a> Filling<'a> {
    /// `payer`: whose memory cgroup pays. `files`: what needs the content of those that were found.
    pub(crate) fn new(
        plans: &'a [StoragePlan],
        files: &[FilePlan],
        storages: &'a mut Storages,
        payer: &'a Space,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            found: Found::open(plans, files, storages)?,
            filled: KVVec::from_elem(0, plans.len(), GFP_KERNEL)?,
            promised: KVVec::from_elem(0, plans.len(), GFP_KERNEL)?,
            plans,
            storages,
            payer,
            pages: Pages::new()?,
            beside: Pages::new()?,
            count: Count::default(),
        })
    }

    /// Fills all of them; gives back the first record that is of another kind.
    pub(crate) fn run(
        mut self,
        source: &mut Source,
        first: Arrived,
    ) -> Result<(Arrived, Count), Refusal> {
        let mut arrived = first;
        loop {
            let (frame, payload) = (&arrived.frame, &arrived.payload);
            match frame.kind() {
                Some(Kind::ContentPages) => self.contents(frame, payload, source)?,
                Some(Kind::ContentZeros) => self.zeros(frame, payload)?,
                None => (),
                Some(_) => break,
            }
            arrived = source.next()?;
        }
        for (found, plan) in self.found.iter_mut().zip(self.plans) {
            if let Some(mut found) = found.take() {
                found.compare_zeros(&mut self.beside, plan.record.size.get(), plan)?;
                found.verdict(plan)?;
                // Leases are not for what somebody else has open too.
                found.file.close();
            }
        }
        self.storages.finish(self.plans)?;
        Ok((arrived, self.count))
    }

    /// The place of a storage that a run is for, if the run lies where it may: behind the one before,
    /// and in the file unless its flags (`CONTENT_*`) say that it need not.
    fn room(
        &mut self,
        frame: &Frame,
        id: ObjectId,
        offset: u64,
        count: u64,
        flags: u32,
    ) -> Result<usize, Refusal> {
        let index = self.plans.iter().position(|plan| plan.record.id == id);
        let index = index.ok_or_else(|| frame.error(Problem::Reference("storage", id.get())))?;
        let plan = self.plans.get(index).ok_or(EINVAL)?;
        let filled = match flags & CONTENT_PROMISED {
            0 => &mut self.filled,
            _ => &mut self.promised,
        };
        let filled = filled.get_mut(index).ok_or(EINVAL)?;
        let end = match flags {
            0 => plan.record.whole_pages(PAGE),
            _ => i64::MAX as u64,
        };
        let misplaced = || frame.error(Problem::Value("offset", offset));
        let size = count.checked_mul(PAGE).ok_or_else(misplaced)?;
        let after = offset.checked_add(size).ok_or_else(misplaced)?;
        let fits = offset % PAGE == 0 && offset >= *filled && after <= end;
        if count == 0 || !fits {
            return Err(misplaced().into());
        }
        *filled = after;
        Ok(index)
    }

    /// Reads a run of pages into place.
    fn contents(
        &mut self,
        frame: &Frame,
        payload: &[u8],
        source: &mut Source,
    ) -> Result<(), Refusal> {
        let (record, _) = decode::<ContentPages>(frame, payload)?;
        let size = pages::length_of_run(frame)?;
        let offset = record.offset.get();
        let index = self.room(frame, record.storage, offset, size / PAGE, 0)?;
        let mut checksum = frame.seed().with(payload);
        let mut done = 0;
        while done < size {
            let at = offset.saturating_add(done);
            let count = (size.saturating_sub(done) / PAGE).min(BATCH as u64) as usize;
            self.prepare(index, at, count)?;
            source.pages(frame, &mut self.pages, count)?;
            checksum = self.pages.sum(count, checksum);
            self.store_or_compare(index, at)?;
            done = done.saturating_add((count as u64).saturating_mul(PAGE));
        }
        frame.verify(checksum)?;
        // Not before it is known that the image is not what differs.
        if let (Some(Some(found)), Some(plan)) = (self.found.get(index), self.plans.get(index)) {
            found.verdict(plan)?;
        }
        self.count.pages = self.count.pages.saturating_add(size / PAGE);
        Ok(())
    }

    /// Takes room for a run of zeros. Those of a file that was found show between its other runs.
    fn zeros(&mut self, frame: &Frame, payload: &[u8]) -> Result<(), Refusal> {
        let (record, _) = decode::<ContentZeros>(frame, payload)?;
        let (offset, count) = (record.offset.get(), record.count.get());
        let flags = record.flags.get();
        let index = self.room(frame, record.storage, offset, count, flags)?;
        self.count.zero_pages = self.count.zero_pages.saturating_add(count);
        if flags != 0 {
            if let Some(file) = self.target(index) {
                let size = count.saturating_mul(PAGE);
                let result = match flags & CONTENT_PROMISED {
                    0 => file.reserve(self.payer, offset, size),
                    _ => file.promise(offset, size),
                };
                result.map_err(|error| self.not_filled(index, error))?;
            }
            return Ok(());
        }
        if self.target(index).is_none() {
            return Ok(());
        }
        let mut done = 0;
        while done < count {
            if task::is_interrupted() {
                return Err(Refusal::new(Reason::Interrupted, EINTR));
            }
            let batch = count.saturating_sub(done).min(BATCH as u64) as usize;
            let at = offset.saturating_add(done.saturating_mul(PAGE));
            self.prepare(index, at, batch)?;
            self.store(index, at)?;
            done = done.saturating_add(batch as u64);
        }
        Ok(())
    }

    /// What is to be filled; nothing if it was found as it was.
    fn target(&self, index: usize) -> Option<&OpenFile> {
        self.storages.get(index)?.file.as_ref()
    }

    fn not_filled(&self, index: usize, error: Error) -> Refusal {
        match self.plans.get(index) {
            Some(plan) => plan.not_made()(error),
            None => error.into(),
        }
    }

    /// Gets pages for the bytes from `at` on: the file's, if it is memory.
    fn prepare(&mut self, index: usize, at: u64, count: usize) -> Result<(), Refusal> {
        let made = self.storages.get(index).ok_or(EINVAL)?;
        let result = match &made.file {
            Some(file) if file.is_memory() => self.pages.pin_memory(file, self.payer, at, count),
            _ => self.pages.allocate(at, count),
        };
        result.map_err(|error| self.not_filled(index, error))
    }

    /// Puts the pages there, unless that is for somebody else to have done.
    fn store_or_compare(&mut self, index: usize, at: u64) -> Result<(), Refusal> {
        let plan = self.plans.get(index).ok_or(EINVAL)?;
        match self.found.get_mut(index) {
            Some(Some(found)) => found.compare((&mut self.beside, &self.pages), at, plan),
            _ => self.store(index, at),
        }
    }

    /// Puts the pages there, if there is something to be filled.
    fn store(&mut self, index: usize, at: u64) -> Result<(), Refusal> {
        let plan = self.plans.get(index).ok_or(EINVAL)?;
        let made = self.storages.get(index).ok_or(EINVAL)?;
        let Some(file) = &made.file else {
            self.pages.release(false);
            return Ok(());
        };
        if !file.is_memory() {
            let most = (self.pages.len() as u64).saturating_mul(PAGE);
            let length = most.min(plan.record.size.get().saturating_sub(at));
            let mut done = 0;
            while done < length {
                let rest = length.saturating_sub(done);
                let wrote = self.pages.write_contents(file, self.payer, done, rest);
                let wrote = match wrote {
                    Ok(0) => Err(EIO),
                    other => other,
                };
                done = done.saturating_add(wrote.map_err(plan.not_made())? as u64);
            }
        }
        self.pages.release(file.is_memory());
        Ok(())
    }
}

/// A file that was found and has to have the content that the image tells of.
struct Found {
    file: OpenFile,
    /// How far it is compared.
    at: u64,
    /// It has something else.
    differs: bool,
}

impl Found {
    /// Of each storage, if it is at its path and something else than O_PATH leads to it: opened to
    /// be read, with the rights of the caller.
    fn open(
        plans: &[StoragePlan],
        files: &[FilePlan],
        storages: &Storages,
    ) -> Result<KVVec<Option<Self>>, Refusal> {
        let mut needed = KVVec::from_elem(false, plans.len(), GFP_KERNEL)?;
        for file in files.iter().filter(|file| file.is_regular()) {
            if let Some(needed) = file.storage.and_then(|index| needed.get_mut(index)) {
                *needed = true;
            }
        }
        let mut all = KVVec::with_capacity(plans.len(), GFP_KERNEL)?;
        for (index, (plan, is_needed)) in plans.iter().zip(&needed).enumerate() {
            let is_found = *is_needed && storages.is_at_path(index, plan);
            let found = match storages.seat(index).filter(|_| is_found) {
                Some((seat, _)) => Some(Self::at(&seat, plan)?),
                None => None,
            };
            let _ = all.push_within_capacity(found);
        }
        Ok(all)
    }

    /// What is there now need not be what was found: to open a device may do something.
    fn at(seat: &OpenFile, plan: &StoragePlan) -> Result<Self, Refusal> {
        if seat.storage()?.mode & S_IFMT != S_IFREG {
            return Err(changed(plan.path(), "it was replaced", errno::stale()));
        }
        let file = seat.open_contents();
        Ok(Self {
            file: file.map_err(|error| plan.refusal(Reason::StorageUnreadable, error))?,
            at: 0,
            differs: false,
        })
    }

    /// Compares what it has from where it has come to, up to `end`, with zeros. `own`: room for what it
    /// has.
    fn compare_zeros(
        &mut self,
        own: &mut Pages,
        end: u64,
        plan: &StoragePlan,
    ) -> Result<(), Refusal> {
        let unreadable = |error| plan.refusal(Reason::StorageUnreadable, error);
        while self.at < end && !self.differs {
            let data = self.file.next_data(self.at).map_err(unreadable)?;
            let Some((start, after)) = data.filter(|(start, _)| *start < end) else {
                break;
            };
            self.at = self.at.max(start / PAGE * PAGE);
            let after = after.min(end);
            while self.at < after && !self.differs {
                let count = self.read_on(own, after, plan)?;
                self.differs |= !(0..count).all(|index| own.is_zero(index));
            }
        }
        self.at = end;
        Ok(())
    }

    /// Compares what it has from `at` on with these pages, and what it has before with zeros.
    fn compare(
        &mut self,
        (own, pages): (&mut Pages, &Pages),
        at: u64,
        plan: &StoragePlan,
    ) -> Result<(), Refusal> {
        self.compare_zeros(own, at, plan)?;
        let size = (pages.len() as u64).saturating_mul(PAGE);
        let count = self.read_on(own, at.saturating_add(size), plan)?;
        self.differs |= !(0..count).all(|index| own.is_same(pages, index));
        Ok(())
    }

    /// Reads on, not beyond `end`; gives the number of pages.
    fn read_on(&mut self, own: &mut Pages, end: u64, plan: &StoragePlan) -> Result<usize, Refusal> {
        if task::is_interrupted() {
            return Err(Refusal::new(Reason::Interrupted, EINTR));
        }
        let rest = end.saturating_sub(self.at);
        let count = (rest.div_ceil(PAGE) as usize).min(BATCH);
        own.allocate(self.at, count)?;
        let whole = (count as u64).saturating_mul(PAGE);
        let length = whole.min(plan.record.size.get().saturating_sub(self.at));
        let got = read(&self.file, own, length)
            .map_err(|error| plan.refusal(Reason::StorageUnreadable, error))?;
        self.differs |= got < length;
        self.at = self.at.saturating_add(whole);
        Ok(count)
    }

    fn verdict(&self, plan: &StoragePlan) -> Result<(), Refusal> {
        match self.differs {
            true => Err(changed(plan.path(), "its content differs", errno::stale())),
            false => Ok(()),
        }
    }
}
