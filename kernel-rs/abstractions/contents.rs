// SPDX-License-Identifier: GPL-2.0

//! What is in an inode, by pages.

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;

use super::file::{length, OpenFile};
use super::pages::{Pages, BATCH};
use super::space::Space;
use super::storage::opened;

impl OpenFile {
    /// Are its pages the only place where its content is, as in shmem and hugetlbfs?
    pub(crate) fn is_memory(&self) -> bool {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_is_memory(self.as_ptr()) }
    }

    /// Opens its inode to be read, if whoever has the file, or the caller, may.
    pub(crate) fn open_contents(&self) -> Result<Self> {
        // SAFETY: By the type invariant; a reference or an error returns.
        unsafe { opened(bindings::ckpt_contents_open(self.as_ptr())) }
    }

    /// The next stretch that is not a hole: where it begins, and the first byte after it.
    pub(crate) fn next_data(&self, from: u64) -> Result<Option<(u64, u64)>> {
        let (mut start, mut end) = (0, 0);
        // SAFETY: By the type invariant.
        let found = unsafe { bindings::ckpt_data_find(self.as_ptr(), from, &mut start, &mut end) };
        if found < 0 {
            return Err(Error::from_errno(found));
        }
        Ok((found > 0).then_some((start, end)))
    }

    /// The next stretch of huge pages that are there or promised to it.
    pub(crate) fn next_promise(&self, from: u64) -> Option<(u64, u64)> {
        let (mut start, mut end) = (0, 0);
        // SAFETY: By the type invariant.
        let found =
            unsafe { bindings::ckpt_promise_find(self.as_ptr(), from, &mut start, &mut end) };
        (found > 0).then_some((start, end))
    }

    /// Reserves huge pages for a stretch of it, as mmap(2) does.
    pub(crate) fn promise(&self, start: u64, size: u64) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_promise_make(self.as_ptr(), start, size) })
    }

    /// Reserves room, as fallocate(2) does.
    pub(crate) fn reserve(&self, payer: &Space, start: u64, size: u64) -> Result {
        to_result(
            // SAFETY: By the type invariants.
            unsafe { bindings::ckpt_space_reserve(self.as_ptr(), payer.as_ptr(), start, size) },
        )
    }
}

impl Pages {
    /// Collects what memory holds of a file from `start` on. Returns where to go on, or `u64::MAX`.
    pub(crate) fn collect_memory(&mut self, file: &OpenFile, start: u64) -> Result<u64> {
        self.release(false);
        to_result(
            // SAFETY: By the type invariant of `OpenFile`.
            unsafe { bindings::ckpt_memory_collect(file.as_ptr(), start, self.as_ptr()) },
        )?;
        Ok(self.next())
    }

    /// Reads a page of shmem in that is swapped out.
    pub(crate) fn fetch_shmem(&mut self, file: &OpenFile, index: usize) -> Result {
        let position = self.address(index);
        let slot = self.slot(index).ok_or(EINVAL)?;
        // SAFETY: By the type invariant of `OpenFile`; the slot is empty and takes the reference.
        to_result(unsafe { bindings::ckpt_shmem_fetch(file.as_ptr(), position, slot) })
    }

    /// Gets `count` pages of memory from `start` on, to be filled.
    pub(crate) fn pin_memory(
        &mut self,
        file: &OpenFile,
        payer: &Space,
        start: u64,
        count: usize,
    ) -> Result {
        self.release(false);
        let count = count.min(BATCH) as u32;
        // SAFETY: By the type invariants.
        to_result(unsafe {
            bindings::ckpt_memory_pin(file.as_ptr(), payer.as_ptr(), start, count, self.as_ptr())
        })
    }

    /// Gets `count` zero pages of our own, for the bytes of a file from `start` on.
    pub(crate) fn allocate(&mut self, start: u64, count: usize) -> Result {
        self.release(false);
        let count = count.min(BATCH) as u32;
        // SAFETY: The slots are empty.
        to_result(unsafe { bindings::ckpt_pages_allocate(self.as_ptr(), start, count) })
    }

    /// Reads once, up to `size` bytes of a file from where the first page says, after `skip`.
    pub(crate) fn read_contents(&mut self, from: &OpenFile, skip: u64, size: u64) -> Result<usize> {
        if !self.has(0, skip, size) {
            return Err(EINVAL);
        }
        // SAFETY: The pages are there and held, checked just now.
        length(unsafe { bindings::ckpt_contents_read(from.as_ptr(), self.as_ptr(), skip, size) })
    }

    /// Likewise, the other way.
    pub(crate) fn write_contents(
        &mut self,
        to: &OpenFile,
        payer: &Space,
        skip: u64,
        size: u64,
    ) -> Result<usize> {
        if !self.has(0, skip, size) {
            return Err(EINVAL);
        }
        // SAFETY: The pages are there and held, checked just now.
        length(unsafe {
            bindings::ckpt_contents_write(to.as_ptr(), payer.as_ptr(), self.as_ptr(), skip, size)
        })
    }
}
