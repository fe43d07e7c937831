// SPDX-License-Identifier: GPL-2.0

//! Address spaces: areas in order and apart, pages inside of areas.

use std::collections::BTreeMap;

use ckpt_format::cpu_x86_64::{LocalDescriptors, TlsSegment};
use ckpt_format::header::Header;
use ckpt_format::memory::{
    AddressSpace, Area, AreaPolicy, GuardPages, InheritedPages, Pages, ZeroPages, AREA_GUARDED,
    AREA_KIND_FILE,
};
use ckpt_format::{ObjectId, Problem, Record};
use zerocopy::FromBytes;

/// The address spaces so far and what lies in them.
#[derive(Debug, Default)]
pub(super) struct Memory {
    page_size: u64,
    spaces: BTreeMap<u32, Space>,
    pub(super) pages: u64,
    pub(super) zero_pages: u64,
    pub(super) inherited_pages: u64,
}

#[derive(Debug, Default)]
struct Space {
    missing: u32,
    /// First address and first address after, ascending; neighbours are one.
    stretches: Vec<(u64, u64)>,
    /// Its local descriptor table has come.
    has_table: bool,
    /// The area that came last, what it may hold, and where its next guard page may be.
    area: (u64, u64),
    guarded: bool,
    next_guard: u64,
    /// Where the next page with contents may be, the next run of zero pages, and of inherited ones.
    next_page: u64,
    next_zero: u64,
    next_inherited: u64,
    /// Runs of pages with contents; neighbours are one.
    filled: Vec<(u64, u64)>,
}

impl Memory {
    pub(super) fn begin(&mut self, header: &Header) {
        self.page_size = header.page_size.get().into();
    }

    pub(super) fn declare(&mut self, space: &AddressSpace) {
        let fresh = Space {
            missing: space.areas.get(),
            ..Space::default()
        };
        self.spaces.insert(space.id.get(), fresh);
    }

    pub(super) fn area(&mut self, area: &Area) -> Result<(), Problem> {
        self.is_aligned("start", area.start.get())?;
        self.is_aligned("end", area.end.get())?;
        let has_file = area.file != ObjectId::NONE;
        if (area.kind.get() == AREA_KIND_FILE) != has_file {
            return Err(Problem::Reference("file", area.file.get()));
        }
        let id = area.space.get();
        let space = self
            .spaces
            .get_mut(&id)
            .ok_or(Problem::Reference("space", id))?;
        space.missing = space
            .missing
            .checked_sub(1)
            .ok_or(Problem::Reference("space", id))?;
        let (start, end) = (area.start.get(), area.end.get());
        space.area = (start, end);
        space.guarded = area.flags.get() & AREA_GUARDED != 0;
        space.next_guard = start;
        match space.stretches.last_mut() {
            Some((_, last)) if start < *last => Err(Problem::Value("start", start)),
            Some((_, last)) if start == *last => {
                *last = end;
                Ok(())
            }
            _ => {
                space.stretches.push((start, end));
                Ok(())
            }
        }
    }

    /// One table at most; its entries ascend.
    pub(super) fn local_descriptors(
        &mut self,
        table: &LocalDescriptors,
        tail: &[u8],
    ) -> Result<(), Problem> {
        let id = table.space;
        if std::mem::replace(&mut self.space(id)?.has_table, true) {
            return Err(Problem::Order(LocalDescriptors::KIND.number()));
        }
        let mut next = 0;
        for bytes in tail.chunks_exact(size_of::<TlsSegment>()) {
            let segment = TlsSegment::read_from_bytes(bytes).map_err(|_| Problem::Truncated)?;
            let entry = segment.entry.get();
            if entry < next || entry >= table.entries.get() {
                return Err(Problem::Value("entry", entry.into()));
            }
            next = entry + 1;
        }
        Ok(())
    }

    /// Guard pages belong to the area before them.
    pub(super) fn guards(&mut self, guards: &GuardPages) -> Result<(), Problem> {
        let start = guards.address.get();
        self.is_aligned("address", start)?;
        let bytes = guards.count.get().checked_mul(self.page_size);
        let end = bytes
            .filter(|bytes| *bytes != 0)
            .and_then(|bytes| start.checked_add(bytes))
            .ok_or(Problem::Value("count", guards.count.get()))?;
        let space = self.space(guards.space)?;
        if !space.guarded || start < space.next_guard || end > space.area.1 {
            return Err(Problem::Value("address", start));
        }
        space.next_guard = end;
        Ok(())
    }

    /// A policy belongs to the area before it.
    pub(super) fn policy(&mut self, policy: &AreaPolicy) -> Result<(), Problem> {
        let start = policy.address.get();
        let space = self.space(policy.space)?;
        if start == space.area.0 && space.area.1 != 0 {
            Ok(())
        } else {
            Err(Problem::Value("address", start))
        }
    }

    pub(super) fn pages(&mut self, pages: &Pages, bytes: u64) -> Result<(), Problem> {
        self.is_aligned("address", pages.address.get())?;
        if bytes == 0 || bytes % self.page_size != 0 {
            return Err(Problem::Length(bytes));
        }
        self.pages += bytes / self.page_size;
        let start = pages.address.get();
        let space = self.space(pages.space)?;
        let end = space.holds(start, bytes, space.next_page)?;
        space.next_page = end;
        match space.filled.last_mut() {
            Some((_, last)) if *last == start => *last = end,
            _ => space.filled.push((start, end)),
        }
        Ok(())
    }

    /// They have come as those of the other address space.
    pub(super) fn inherited_pages(&mut self, pages: &InheritedPages) -> Result<(), Problem> {
        let start = pages.address.get();
        self.is_aligned("address", start)?;
        let count = pages.count.get();
        let bytes = count
            .checked_mul(self.page_size)
            .filter(|bytes| *bytes != 0);
        let bytes = bytes.ok_or(Problem::Value("count", count))?;
        let space = self.space(pages.space)?;
        space.next_inherited = space.holds(start, bytes, space.next_inherited)?;
        if !lies_in(&self.space(pages.from)?.filled, start, bytes) {
            return Err(Problem::Value("address", start));
        }
        self.inherited_pages = self.inherited_pages.saturating_add(count);
        Ok(())
    }

    pub(super) fn zero_pages(&mut self, pages: &ZeroPages) -> Result<(), Problem> {
        self.is_aligned("address", pages.address.get())?;
        let count = pages.count.get();
        let bytes = count
            .checked_mul(self.page_size)
            .filter(|bytes| *bytes != 0);
        let bytes = bytes.ok_or(Problem::Value("count", count))?;
        let start = pages.address.get();
        let space = self.space(pages.space)?;
        space.next_zero = space.holds(start, bytes, space.next_zero)?;
        self.zero_pages = self.zero_pages.saturating_add(count);
        Ok(())
    }

    pub(super) fn spaces_are_full(&self) -> Result<(), Problem> {
        match self.spaces.iter().find(|(_, space)| space.missing != 0) {
            None => Ok(()),
            Some((id, _)) => Err(Problem::Reference("space", *id)),
        }
    }

    fn space(&mut self, id: ObjectId) -> Result<&mut Space, Problem> {
        let number = id.get();
        self.spaces
            .get_mut(&number)
            .ok_or(Problem::Reference("space", number))
    }

    fn is_aligned(&self, name: &'static str, address: u64) -> Result<(), Problem> {
        if self.page_size != 0 && address % self.page_size == 0 {
            Ok(())
        } else {
            Err(Problem::Value(name, address))
        }
    }
}

impl Space {
    /// A run lies inside of areas and after the one before. Gives the first address behind it.
    fn holds(&self, start: u64, bytes: u64, next: u64) -> Result<u64, Problem> {
        if start >= next && lies_in(&self.stretches, start, bytes) {
            Ok(start.saturating_add(bytes))
        } else {
            Err(Problem::Value("address", start))
        }
    }
}

/// Does a run lie in one of these stretches, which ascend?
fn lies_in(stretches: &[(u64, u64)], start: u64, bytes: u64) -> bool {
    let after = stretches.partition_point(|(first, _)| *first <= start);
    let stretch = after.checked_sub(1).and_then(|index| stretches.get(index));
    match (stretch, start.checked_add(bytes)) {
        (Some((_, last)), Some(end)) => end <= *last,
        _ => false,
    }
}
