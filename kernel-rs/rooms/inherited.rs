// SPDX-License-Identifier: GPL-2.0

//! Inherited: pages that relatives share since a fork, until one of them writes.
//!
//! Saves: a page once, with the first address space that has it; the others say whose it is. Not
//! those that were moved since (mremap), nor huge ones of a hugetlbfs, nor what KSM has merged: these
//! are saved as pages of each.
//! Restores: areas of one lineage become relatives before any page is in them. Then a page that one
//! of them has can be mapped by the others. One that cannot is copied: it reads the same.
//! Locks: the mmap_locks of two address spaces, for writing, inside a call of the glue.

use kernel::prelude::*;

use crate::abstractions::pages::Pages;
use crate::abstractions::space::{Space, PAGE};
use crate::format::reason::Reason;
use crate::format::ObjectId;
use crate::log::Refusal;
use crate::rooms::memory::SpacePlan;
use crate::rooms::pages::fetch_absent;
use crate::sort;

/// Where a page was met first.
#[derive(Clone, Copy, Default)]
struct Met {
    /// Its address in kernel memory; zero: nothing stands here.
    page: usize,
    address: u64,
    /// Index among the address spaces.
    space: u32,
}

/// The pages that were written, and that another address space may have too. They are not held:
/// whoever finds one here asks its first owner whether it still has it.
pub(crate) struct Heritage<'a> {
    spaces: &'a [(ObjectId, Space)],
    /// A hash table with room for twice as many.
    met: KVVec<Met>,
    count: usize,
}

impl<'a> Heritage<'a> {
    pub(crate) fn new(spaces: &'a [(ObjectId, Space)]) -> Self {
        Self {
            spaces,
            met: KVVec::new(),
            count: 0,
        }
    }

    /// The pages from `first` on that another address space has too, at the same addresses: whose
    /// they are, and how many.
    pub(super) fn run(&self, pages: &Pages, first: usize) -> Option<(ObjectId, usize)> {
        let owner = self.owner(pages, first)?;
        let mut count = 1usize;
        while pages.follows(first.saturating_add(count))
            && self.owner(pages, first.saturating_add(count)) == Some(owner)
        {
            count = count.saturating_add(1);
        }
        let (id, space) = self.spaces.get(owner as usize)?;
        match pages.held_by(space, first, count) {
            0 => None,
            held => Some((*id, held)),
        }
    }

    /// Remembers pages that were written as those of an address space.
    pub(super) fn wrote(
        &mut self,
        id: ObjectId,
        pages: &Pages,
        first: usize,
        count: usize,
    ) -> Result {
        let found = self
            .spaces
            .binary_search_by_key(&id.get(), |(id, _)| id.get());
        let space = found.map_err(|_| EINVAL)? as u32;
        for index in first..first.saturating_add(count) {
            if pages.may_be_inherited(index) {
                self.insert(Met {
                    page: pages.identity(index),
                    address: pages.address(index),
                    space,
                })?;
            }
        }
        Ok(())
    }

    fn owner(&self, pages: &Pages, index: usize) -> Option<u32> {
        if self.count == 0 || !pages.may_be_inherited(index) {
            return None;
        }
        let met = self.met.get(self.place(pages.identity(index)))?;
        let is_it = met.page == pages.identity(index) && met.address == pages.address(index);
        is_it.then_some(met.space)
    }

    /// Where a page stands, or would. The table has room, and a power of two of places.
    fn place(&self, page: usize) -> usize {
        let mask = self.met.len().wrapping_sub(1);
        // Fibonacci hashing: the upper bits are mixed well.
        let hash = (page as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut place = hash.rotate_left(32) as usize & mask;
        let is_free = |met: &Met| met.page == 0 || met.page == page;
        while !self.met.get(place).is_none_or(is_free) {
            place = place.wrapping_add(1) & mask;
        }
        place
    }

    fn insert(&mut self, met: Met) -> Result {
        if self.count >= self.met.len() / 2 {
            self.grow()?;
        }
        let place = self.place(met.page);
        let entry = self.met.get_mut(place).ok_or(EINVAL)?;
        self.count = self.count.saturating_add(usize::from(entry.page == 0));
        *entry = met;
        Ok(())
    }

    fn grow(&mut self) -> Result {
        let size = self.met.len().checked_mul(2).ok_or(EOVERFLOW)?.max(1024);
        let larger = KVVec::from_elem(Met::default(), size, GFP_KERNEL_ACCOUNT)?;
        let old = core::mem::replace(&mut self.met, larger);
        for met in old.iter().filter(|met| met.page != 0) {
            let place = self.place(met.page);
            *self.met.get_mut(place).ok_or(EINVAL)? = *met;
        }
        Ok(())
    }
}

/// Makes areas of one lineage relatives. Nothing is in them yet.
pub(crate) fn join(plans: &[SpacePlan], spaces: &[Space]) -> Result<(), Refusal> {
    let mut all = KVVec::new();
    for (space, plan) in plans.iter().enumerate() {
        for (lineage, start) in plan.lineages() {
            all.push((lineage, space, start), GFP_KERNEL_ACCOUNT)?;
        }
    }
    sort::values(&mut all);
    for kin in all.chunk_by(|(one, ..), (other, ..)| one == other) {
        let [(_, founder, from), others @ ..] = kin else {
            continue;
        };
        // All in one address space: nobody to share with.
        if others.last().is_none_or(|(_, last, _)| last == founder) {
            continue;
        }
        let first = spaces.get(*founder).ok_or(EINVAL)?;
        for (_, space, start) in others {
            let joined = spaces.get(*space).ok_or(EINVAL)?.join(*start, first, *from);
            joined.map_err(|error| Refusal::new(Reason::AreaNotMapped, error).address(*start))?;
        }
    }
    Ok(())
}

/// Gives `space` pages that `from` has, all those from `start` to `end`. `spare`: room for copies.
pub(super) fn inherit(
    space: &Space,
    from: &Space,
    (start, end): (u64, u64),
    pages: &mut Pages,
    spare: &mut Pages,
) -> Result<(), Refusal> {
    let unreadable = |error| Refusal::new(Reason::PageUnreadable, error).address(start);
    pages.collect(from, start, end)?;
    fetch_absent(from, pages)?;
    let count = end.saturating_sub(start) / PAGE;
    if pages.len() as u64 != count {
        return Err(unreadable(EINVAL));
    }
    let done = pages.inherit(space, from).map_err(unreadable)?;
    if done < pages.len() {
        let at = start.saturating_add((done as u64).saturating_mul(PAGE));
        let rest = pages.len().saturating_sub(done);
        spare
            .pin(space, at, rest)
            .map_err(|error| Refusal::new(Reason::AreaNotMapped, error).address(at))?;
        spare.copy_from(pages, done)?;
        spare.release(true);
    }
    pages.release(false);
    Ok(())
}
