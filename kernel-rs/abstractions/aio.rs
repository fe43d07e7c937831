// SPDX-License-Identifier: GPL-2.0

//! Contexts for asynchronous I/O.

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;

use super::space::Space;

pub(crate) use crate::bindings::ckpt_aio as ContextState;

/// A page of a ring.
pub(crate) type Page = [u8; 4096];

/// The first context of an address space from `place` on.
pub(crate) fn next(space: &Space, place: u32) -> Option<ContextState> {
    let mut state = ContextState::default();
    // SAFETY: By the type invariant, and the struct is valid for writing.
    unsafe { bindings::ckpt_aio_next(space.as_ptr(), place, &mut state) }.then_some(state)
}

/// A page of the ring of a context.
pub(crate) fn page(space: &Space, place: u32, index: u32, page: &mut Page) -> Result {
    // SAFETY: By the type invariant, and there is room for a page.
    to_result(unsafe {
        bindings::ckpt_aio_page_get(space.as_ptr(), place, index, page.as_mut_ptr().cast())
    })
}

/// Makes a context for the caller.
pub(crate) fn make(state: &ContextState) -> Result {
    // SAFETY: The struct is valid; addresses in it are only ever used as user addresses.
    to_result(unsafe { bindings::ckpt_aio_make(state) })
}

/// Fills a page of the ring of a context of the caller's.
pub(crate) fn set_page(place: u32, index: u32, page: &Page) -> Result {
    // SAFETY: There is a page to be read.
    to_result(unsafe { bindings::ckpt_aio_page_set(place, index, page.as_ptr().cast()) })
}
