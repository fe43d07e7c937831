// SPDX-License-Identifier: GPL-2.0

//! Pages that relatives share since a fork.

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;

use super::pages::Pages;
use super::space::Space;

impl Space {
    /// Makes the area at `address`, which no page is in yet, a relative of the one at `from`.
    pub(crate) fn join(&self, address: u64, founder: &Self, from: u64) -> Result {
        // SAFETY: By the type invariant of both.
        let joined =
            unsafe { bindings::ckpt_area_join(self.as_ptr(), address, founder.as_ptr(), from) };
        to_result(joined)
    }
}

impl Pages {
    /// Could another address space have this page too?
    pub(crate) fn may_be_inherited(&self, index: usize) -> bool {
        let page = self.page(index);
        // SAFETY: A page in a slot is held.
        !page.is_null() && unsafe { bindings::ckpt_page_may_be_inherited(page) }
    }

    /// Nobody will ask what is in these pages.
    pub(crate) fn pass(&mut self, first: usize, count: usize) {
        let passed = self.passed().iter_mut();
        passed
            .skip(first)
            .take(count)
            .for_each(|passed| *passed = true);
    }

    /// Tells whether two slots hold the same page, while both are held; zero: it holds none.
    pub(crate) fn identity(&self, index: usize) -> usize {
        self.page(index) as usize
    }

    /// How many of `count` pages from `first` on `space` has too, at their addresses.
    pub(crate) fn held_by(&self, space: &Space, first: usize, count: usize) -> usize {
        let count = count.min(self.len().saturating_sub(first));
        // SAFETY: By the type invariant of `Space`; all of these slots are in use.
        unsafe {
            bindings::ckpt_pages_held(space.as_ptr(), self.raw(), first as u32, count as u32)
                as usize
        }
    }

    /// Maps pages of `from` at the same addresses in `space`, where nothing is yet. Returns how many
    /// of them could be.
    pub(crate) fn inherit(&self, space: &Space, from: &Space) -> Result<usize> {
        if !self.has(0, 0, (self.len() as u64).saturating_mul(super::space::PAGE)) {
            return Err(EINVAL);
        }
        // SAFETY: By the type invariant of both; the pages are there and held, checked just now.
        let count =
            unsafe { bindings::ckpt_pages_inherit(space.as_ptr(), from.as_ptr(), self.raw()) };
        to_result(count.min(0))?;
        Ok(count as usize)
    }

    /// Fills all of these pages with what is in those from `first` on.
    pub(crate) fn copy_from(&mut self, from: &Self, first: usize) -> Result {
        let count = self.len();
        let size = (count as u64).saturating_mul(super::space::PAGE);
        if !self.has(0, 0, size) || !from.has(first, 0, size) {
            return Err(EINVAL);
        }
        // SAFETY: The pages of both are there and held, checked just now.
        unsafe {
            bindings::ckpt_pages_copy(self.as_ptr(), from.raw(), first as u32, count as u32);
        }
        Ok(())
    }
}
