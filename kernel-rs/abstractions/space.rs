// SPDX-License-Identifier: GPL-2.0

//! Address spaces: marks, areas, pages.

use core::ptr::NonNull;

use kernel::bindings;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::task::Task;

use super::file::{length, OpenFile};
use crate::format::Crc32c;

pub(crate) use kernel::bindings::{
    ckpt_area as AreaState, //
    ckpt_mm as Marks,
};

/// Bytes in a page.
pub(crate) const PAGE: u64 = kernel::page::PAGE_SIZE as u64;

/// Most pages that are looked at in one go.
pub(crate) const BATCH: usize = bindings::CKPT_BATCH as usize;

/// The address space of a task.
///
/// # Invariants
///
/// Points to an address space that this keeps alive (`mm_users`).
pub(crate) struct Space(NonNull<bindings::mm_struct>);

// SAFETY: An address space may be used and released from any task.
unsafe impl Send for Space {}

impl Space {
    /// That of `task`.
    pub(crate) fn of(task: &Task) -> Result<Self> {
        // SAFETY: `task` is a valid task.
        let mm = unsafe { bindings::get_task_mm(task.as_ptr()) };
        // INVARIANT: get_task_mm() returns a reference.
        NonNull::new(mm).map(Self).ok_or(ESRCH)
    }

    /// Tells whether two references are to the same one, while both are held.
    pub(crate) fn identity(&self) -> usize {
        self.0.as_ptr() as usize
    }

    /// Its marks.
    pub(crate) fn marks(&self) -> Result<KVBox<Marks>> {
        let mut marks = super::zeroed::<Marks>()?;
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_mm_get(self.0.as_ptr(), &mut *marks) };
        Ok(marks)
    }

    /// The program that it runs.
    pub(crate) fn exe(&self) -> Option<OpenFile> {
        // SAFETY: By the type invariant; get_mm_exe_file() returns a reference or null.
        unsafe { OpenFile::from_raw(bindings::get_mm_exe_file(self.0.as_ptr())) }
    }

    /// The first area that ends above `address`.
    pub(crate) fn area(&self, address: u64) -> Result<Option<Area>> {
        let mut state = AreaState::default();
        // SAFETY: By the type invariant.
        let found = unsafe { bindings::ckpt_area_find(self.0.as_ptr(), address, &mut state) };
        if found < 0 {
            return Err(Error::from_errno(found));
        }
        // SAFETY: The reference on the file, if there is one, was taken for us.
        let file = unsafe { OpenFile::from_raw(state.file) };
        Ok((found > 0).then_some(Area { state, file }))
    }

    /// Collects the pages from `start` on, up to `end`, that only this address space holds.
    /// Returns where to go on.
    pub(crate) fn collect(&self, start: u64, end: u64, pages: &mut Pages) -> Result<u64> {
        pages.release(false);
        let found = to_result(
            // SAFETY: By the type invariant.
            unsafe { bindings::ckpt_pages_collect(self.0.as_ptr(), start, end, &mut *pages.0) },
        );
        found.map(|()| pages.0.next)
    }

    /// Reads a page in that is swapped out or on its way.
    pub(crate) fn fetch(&self, pages: &mut Pages, index: usize) -> Result {
        let address = pages.address(index);
        let slot = pages.0.page.get_mut(index).ok_or(EINVAL)?;
        // SAFETY: By the type invariant; the slot is empty and takes the reference.
        to_result(unsafe { bindings::ckpt_page_fetch(self.0.as_ptr(), address, slot) })
    }

    /// Gets `count` private pages from `start` on, to be filled.
    pub(crate) fn pin(&self, start: u64, count: usize, pages: &mut Pages) -> Result {
        pages.release(false);
        let count = u32::try_from(count.min(BATCH))?;
        to_result(
            // SAFETY: By the type invariant.
            unsafe { bindings::ckpt_pages_pin(self.0.as_ptr(), start, count, &mut *pages.0) },
        )
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        // SAFETY: By the type invariant this reference is ours to drop.
        unsafe { bindings::mmput(self.0.as_ptr()) };
    }
}

/// An area and the file behind it.
pub(crate) struct Area {
    pub(crate) state: AreaState,
    pub(crate) file: Option<OpenFile>,
}

/// Pages that are held, each with its address.
pub(crate) struct Pages(KVBox<bindings::ckpt_pages>);

impl Pages {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self(super::zeroed::<bindings::ckpt_pages>()?))
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.0.count as usize
    }

    /// Address of one.
    pub(crate) fn address(&self, index: usize) -> u64 {
        self.0.address.get(index).copied().unwrap_or(0)
    }

    /// Has it to be read in first?
    pub(crate) fn is_absent(&self, index: usize) -> bool {
        self.0.absent.get(index).copied().unwrap_or(false) && self.page(index).is_null()
    }

    fn page(&self, index: usize) -> *mut bindings::page {
        self.0
            .page
            .get(index)
            .copied()
            .unwrap_or(core::ptr::null_mut())
    }

    /// Does it read as zero?
    pub(crate) fn is_zero(&self, index: usize) -> bool {
        let page = self.page(index);
        // SAFETY: A page in a slot is held.
        page.is_null() || unsafe { bindings::ckpt_page_is_zero(page) }
    }

    /// Adds a page's bytes to a checksum.
    pub(crate) fn checksum(&self, index: usize, checksum: Crc32c) -> Crc32c {
        let page = self.page(index);
        if page.is_null() {
            return checksum;
        }
        // SAFETY: A page in a slot is held.
        Crc32c::from_state(unsafe { bindings::ckpt_page_checksum(page, checksum.state()) })
    }

    /// Is `first..first + size / PAGE` in range, with a page in each slot?
    fn has(&self, first: usize, skip: u64, size: u64) -> bool {
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
    }
}

/// Gives the caller an empty address space in place of its own.
pub(crate) fn renew(top_down: bool) -> Result {
    // SAFETY: The caller is in restart(2) and never returns to the code that it had mapped.
    to_result(unsafe { bindings::ckpt_mm_renew(top_down) })
}

/// Sets the marks of the caller's address space.
pub(crate) fn set_marks(marks: &Marks) -> Result {
    if marks.auxv_size as usize > marks.auxv.len() {
        return Err(EINVAL);
    }
    // SAFETY: Points to a valid struct whose auxiliary vector has the size that it says.
    to_result(unsafe { bindings::ckpt_mm_set(marks) })
}

/// Sets the program of the caller's new address space.
pub(crate) fn set_exe(file: &OpenFile) -> Result {
    // SAFETY: The caller's address space is new, and it is its only user.
    to_result(unsafe { bindings::ckpt_mm_set_exe(file.as_ptr()) })
}

/// Maps an area into the caller's address space, where nothing may be yet.
pub(crate) fn map(area: &mut AreaState, file: Option<&OpenFile>) -> Result {
    area.file = file.map_or(core::ptr::null_mut(), OpenFile::as_ptr);
    // SAFETY: The file, if there is one, is held during the call.
    let result = to_result(unsafe { bindings::ckpt_area_map(area) });
    area.file = core::ptr::null_mut();
    result
}

/// The code page of this kernel.
pub(crate) fn vdso() -> &'static [u8] {
    // SAFETY: The image is static, that long, and not written to after boot.
    unsafe {
        core::slice::from_raw_parts(
            bindings::ckpt_vdso_image().cast(),
            bindings::ckpt_vdso_size() as usize,
        )
    }
}

/// Bytes of data pages before it.
pub(crate) fn vdso_data_size() -> u64 {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_vdso_data_size() }
}

/// Maps data pages at `start` and the code page behind them.
pub(crate) fn map_vdso(start: u64) -> Result {
    // SAFETY: The address is checked as that of any mapping.
    to_result(unsafe { bindings::ckpt_vdso_map(start) })
}
