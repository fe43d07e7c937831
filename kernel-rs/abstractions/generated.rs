// SPDX-License-Identifier: GPL-2.0

//! Files whose content the kernel makes while they are read.

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;

use super::file::OpenFile;

pub(crate) use crate::bindings::ckpt_reading as ReadingState;

impl OpenFile {
    /// From now on poll(2) tells of later changes only. Only of a generated one.
    pub(crate) fn take_news(&self) {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_generated_take_news(self.as_ptr()) };
    }

    /// Sets the file offset, and makes nothing. Only of a file that nobody else has got yet.
    pub(crate) fn place(&self, position: u64) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_generated_place(self.as_ptr(), position) })
    }

    /// How far its reader has come, and what was made for it and not read. EFBIG: that is more than
    /// `most`.
    pub(crate) fn reading(&self, most: usize) -> Result<(ReadingState, KVVec<u8>)> {
        let mut state = ReadingState::default();
        let mut bytes = KVVec::new();
        loop {
            let room = bytes.len();
            let buffer: *mut u8 = bytes.as_mut_ptr();
            // SAFETY: By the type invariant; there is as much room as is said.
            let unread = unsafe {
                bindings::ckpt_reading_get(self.as_ptr(), &mut state, buffer.cast(), room)
            };
            let unread = usize::try_from(unread).map_err(|_| EINTR)?;
            if unread <= room {
                bytes.truncate(unread);
                return Ok((state, bytes));
            }
            if unread > most {
                return Err(EFBIG);
            }
            bytes.resize(unread, 0, GFP_KERNEL)?;
        }
    }

    /// Has its reader go on from there. Only of a generated file that nobody else has got yet.
    pub(crate) fn set_reading(&self, state: &ReadingState, unread: &[u8]) -> Result {
        // SAFETY: By the type invariant; the slice is valid for its length.
        to_result(unsafe {
            let bytes = unread.as_ptr().cast();
            bindings::ckpt_reading_set(self.as_ptr(), state, bytes, unread.len())
        })
    }
}
