// SPDX-License-Identifier: GPL-2.0

//! Pages of an address space: looked at, held, read and written.

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::str::{CStr, CStrExt};

use super::file::{length, OpenFile};
use super::space::{Space, PAGE};
use crate::format::Crc32c;

/// Most pages that are looked at in one go.
pub(crate) const BATCH: usize = bindings::CKPT_BATCH as usize;

/// What a page has in it.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Reads {
    /// Something else than zeros.
    Content,
    /// Zeros.
    Zero,
    /// There is no page: it would be all zeros.
    Nothing,
}

/// Pages that are held, each with its address.
pub(crate) struct Pages(KVBox<bindings::ckpt_pages>);

impl Pages {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self(super::zeroed::<bindings::ckpt_pages>()?))
    }

    /// Collects the pages from `start` on, up to `end`, that only `space` holds.
    /// Returns where to go on.
    pub(crate) fn collect(&mut self, space: &Space, start: u64, end: u64) -> Result<u64> {
        self.release(false);
        let found = to_result(
            // SAFETY: By the type invariant of `Space`.
            unsafe { bindings::ckpt_pages_collect(space.as_ptr(), start, end, &mut *self.0) },
        );
        found.map(|()| self.0.next)
    }

    /// Reads a page in that is swapped out or on its way.
    pub(crate) fn fetch(&mut self, space: &Space, index: usize) -> Result {
        let address = self.address(index);
        let slot = self.0.page.get_mut(index).ok_or(EINVAL)?;
        // SAFETY: By the type invariant of `Space`; the slot is empty and takes the reference.
        to_result(unsafe { bindings::ckpt_page_fetch(space.as_ptr(), address, slot) })
    }

    /// Gets `count` private pages from `start` on, to be filled.
    pub(crate) fn pin(&mut self, space: &Space, start: u64, count: usize) -> Result {
        self.release(false);
        let count = u32::try_from(count.min(BATCH))?;
        to_result(
            // SAFETY: By the type invariant of `Space`.
            unsafe { bindings::ckpt_pages_pin(space.as_ptr(), start, count, &mut *self.0) },
        )
    }

    /// Has a huge page stand at an address, if one may be there and can be had.
    pub(crate) fn make_huge(space: &Space, address: u64) {
        // SAFETY: By the type invariant of `Space`.
        unsafe { bindings::ckpt_page_make_huge(space.as_ptr(), address) };
    }

    pub(super) fn as_ptr(&mut self) -> *mut bindings::ckpt_pages {
        &mut *self.0
    }

    /// Where to go on collecting.
    pub(super) fn next(&self) -> u64 {
        self.0.next
    }

    /// The place of one.
    pub(super) fn slot(&mut self, index: usize) -> Option<&mut *mut bindings::page> {
        self.0.page.get_mut(index)
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.0.count as usize
    }

    /// Address of one.
    pub(crate) fn address(&self, index: usize) -> u64 {
        self.0.address.get(index).copied().unwrap_or(0)
    }

    /// Is it mapped as a part of a transparent huge page?
    pub(crate) fn is_huge(&self, index: usize) -> bool {
        self.0.huge.get(index).copied().unwrap_or(false)
    }

    /// Has it to be read in first?
    pub(crate) fn is_absent(&self, index: usize) -> bool {
        self.0.absent.get(index).copied().unwrap_or(false) && self.page(index).is_null()
    }

    /// Of each: it is passed over by [`Self::examine`].
    pub(super) fn passed(&mut self) -> &mut [bool] {
        &mut self.0.passed
    }

    pub(super) fn raw(&self) -> *const bindings::ckpt_pages {
        &*self.0
    }

    pub(super) fn page(&self, index: usize) -> *mut bindings::page {
        self.0
            .page
            .get(index)
            .copied()
            .unwrap_or(core::ptr::null_mut())
    }

    /// Has another processor look at the pages already, for the two functions that follow.
    pub(crate) fn examine(&mut self) {
        // SAFETY: The first `count` slots hold pages or null until they are released, which waits
        // for the other processor. What that one finds is kept apart from this struct.
        unsafe { bindings::ckpt_pages_examine(&mut *self.0) };
    }

    /// Does it read as zero?
    pub(crate) fn is_zero(&self, index: usize) -> bool {
        if self.page(index).is_null() {
            return true;
        }
        // SAFETY: A page in a slot is held, and so the index is in range.
        unsafe { bindings::ckpt_page_is_zero(&*self.0, index as u32) }
    }

    /// Is the same in it as in the one of `other` at this place?
    pub(crate) fn is_same(&self, other: &Self, index: usize) -> bool {
        if self.page(index).is_null() || other.page(index).is_null() {
            return self.is_zero(index) && other.is_zero(index);
        }
        // SAFETY: A page in a slot is held.
        unsafe { bindings::memcmp_pages(self.page(index), other.page(index)) == 0 }
    }

    fn reads(&self, index: usize) -> Reads {
        match self.is_zero(index) {
            false => Reads::Content,
            true if self.page(index).is_null() => Reads::Nothing,
            true => Reads::Zero,
        }
    }

    /// How many pages from `first` on, `most` of them, lie one after the other and are alike, and how
    /// they read.
    pub(crate) fn run(&self, first: usize, most: usize) -> (usize, Reads) {
        let reads = self.reads(first);
        let last = first.saturating_add(most);
        let mut end = first.saturating_add(1);
        while end < last
            && self.follows(end)
            && self.is_huge(end) == self.is_huge(first)
            && self.reads(end) == reads
        {
            end = end.saturating_add(1);
        }
        (end.saturating_sub(first), reads)
    }

    /// Is there one that lies right behind the one before it?
    pub(crate) fn follows(&self, index: usize) -> bool {
        let before = index.checked_sub(1).map(|before| self.address(before));
        let behind = before.map(|address| address.saturating_add(PAGE));
        index < self.len() && behind == Some(self.address(index))
    }

    /// Adds a page's bytes to a checksum.
    pub(crate) fn checksum(&self, index: usize, checksum: Crc32c) -> Crc32c {
        if self.page(index).is_null() {
            return checksum;
        }
        let state = checksum.state();
        // SAFETY: A page in a slot is held, and so the index is in range.
        let state = unsafe { bindings::ckpt_page_checksum(&*self.0, index as u32, state) };
        Crc32c::from_state(state)
    }

    /// Adds the bytes of the first `count` pages to a checksum.
    pub(crate) fn sum(&self, count: usize, checksum: Crc32c) -> Crc32c {
        (0..count).fold(checksum, |sum, index| self.checksum(index, sum))
    }

    /// Is `first..first + size / PAGE` in range, with a page in each slot?
    pub(super) fn has(&self, first: usize, skip: u64, size: u64) -> bool {
        let count = skip.saturating_add(size).div_ceil(PAGE) as usize;
        let end = first.saturating_add(count);
        size > 0 && end <= self.len() && (first..end).all(|index| !self.page(index).is_null())
    }

    /// Writes `size` bytes once, straight from the pages from `first` on, after `skip` bytes.
    pub(crate) fn write(
        &mut self,
        to: &OpenFile,
        first: usize,
        skip: u64,
        size: u64,
    ) -> Result<usize> {
        if !self.has(first, skip, size) {
            return Err(EINVAL);
        }
        // SAFETY: The pages are there and held, checked just now.
        length(unsafe {
            bindings::ckpt_pages_write(to.as_ptr(), &mut *self.0, first as u32, skip, size)
        })
    }

    /// Reads `size` bytes once, straight into the pages.
    pub(crate) fn read(
        &mut self,
        from: &OpenFile,
        first: usize,
        skip: u64,
        size: u64,
    ) -> Result<usize> {
        if !self.has(first, skip, size) {
            return Err(EINVAL);
        }
        // SAFETY: The pages are there and held, checked just now.
        length(unsafe {
            bindings::ckpt_pages_read(from.as_ptr(), &mut *self.0, first as u32, skip, size)
        })
    }

    /// Clears one.
    pub(crate) fn clear(&mut self, index: usize) {
        let page = self.page(index);
        if !page.is_null() {
            // SAFETY: A page in a slot is held.
            unsafe { bindings::ckpt_page_clear(page) };
        }
    }

    /// Lets all of them go; `dirty`: they were written to.
    pub(crate) fn release(&mut self, dirty: bool) {
        // SAFETY: The first `count` slots hold pages with a reference, or null.
        unsafe { bindings::ckpt_pages_release(&mut *self.0, dirty) };
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        self.release(false);
        // SAFETY: Nothing is under way any longer: what was held is released.
        unsafe { bindings::ckpt_pages_forget(&mut *self.0) };
    }
}

/// Guard pages of an area, and what in it cannot be saved.
pub(crate) struct Guards(KVBox<bindings::ckpt_guards>);

impl Guards {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self(super::zeroed::<bindings::ckpt_guards>()?))
    }

    /// Looks from `start` on, up to `end`, in one area. Returns where to go on.
    pub(crate) fn collect(&mut self, space: &Space, start: u64, end: u64) -> Result<u64> {
        let found = to_result(
            // SAFETY: By the type invariant of `Space`.
            unsafe { bindings::ckpt_guards_collect(space.as_ptr(), start, end, &mut *self.0) },
        );
        found.map(|()| self.0.next)
    }

    /// Start and end of each run.
    pub(crate) fn runs(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        let both = self.0.start.iter().zip(self.0.end.iter());
        both.take(self.0.count as usize)
            .map(|(start, end)| (*start, *end))
    }

    /// The page that cannot be saved, and why.
    pub(crate) fn strange(&self) -> Option<(u64, &'static [u8])> {
        if self.0.obstacle.is_null() {
            return None;
        }
        // SAFETY: The glue sets it to one of its own string literals.
        let obstacle = unsafe { CStr::from_char_ptr(self.0.obstacle) };
        Some((self.0.strange, obstacle.to_bytes()))
    }
}
