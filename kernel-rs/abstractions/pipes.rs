// SPDX-License-Identifier: GPL-2.0

//! Pipes and FIFOs.

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;

use super::file::OpenFile;
use super::space::Space;
use super::storage::opened;

pub(crate) use crate::bindings::ckpt_pipe as PipeState;

/// A buffer of a pipe.
#[derive(Clone, Copy)]
pub(crate) struct Buffer {
    /// How far into its page it begins, if something may be added to it.
    pub(crate) offset: u32,
    pub(crate) is_packet: bool,
    pub(crate) merges: bool,
}

/// An end of a pipe or FIFO.
///
/// # Invariants
///
/// The file is one that pipe(2), or open(2) of a FIFO or a pipe, has made.
#[derive(Clone)]
pub(crate) struct End(OpenFile);

impl End {
    /// This open file, if it is an end of one.
    pub(crate) fn of(file: &OpenFile) -> Option<Self> {
        // SAFETY: By the type invariant of `OpenFile`.
        let is_end = unsafe { bindings::ckpt_is_pipe(file.as_ptr()) };
        // INVARIANT: Checked just now; an open file never becomes another kind of file.
        is_end.then(|| Self(file.clone()))
    }

    /// Makes a pipe: the end to read from, and the one to write to.
    pub(crate) fn make_both() -> Result<[Self; 2]> {
        let mut ends = [core::ptr::null_mut(); 2];
        // SAFETY: There is room for two pointers.
        to_result(unsafe { bindings::ckpt_pipe_make(ends.as_mut_ptr()) })?;
        let [reader, writer] = ends;
        // SAFETY: On success both are files with a reference for us.
        let (reader, writer) = unsafe { (opened(reader)?, opened(writer)?) };
        // INVARIANT: The function makes ends of a pipe.
        Ok([Self(reader), Self(writer)])
    }

    /// Opens the FIFO that an O_PATH file is of, for reading and writing; whether the caller may is
    /// not asked. EBUSY: somebody has it open.
    pub(crate) fn open_fifo(fifo: &OpenFile) -> Result<Self> {
        // SAFETY: By the type invariant of `OpenFile`; a reference or an error returns.
        let end = unsafe { opened(bindings::ckpt_fifo_open(fifo.as_ptr())) }?;
        // INVARIANT: The function opens nothing but FIFOs.
        Ok(Self(end))
    }

    /// The open file.
    pub(crate) fn file(&self) -> &OpenFile {
        &self.0
    }

    /// Lets go of it, and if this was the last reference, does not return before it is closed.
    pub(crate) fn close(self) {
        self.0.close();
    }

    /// Tells whether two ends are of the same pipe, while both are held.
    pub(crate) fn identity(&self) -> usize {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_pipe_of(self.0.as_ptr()) as usize }
    }

    /// How many ends the pipe has.
    pub(crate) fn count(&self) -> u32 {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_pipe_files(self.0.as_ptr()) }
    }

    /// What is between its ends.
    pub(crate) fn state(&self) -> Result<KVBox<PipeState>> {
        let mut state = super::zeroed::<PipeState>()?;
        // SAFETY: By the type invariant; the struct is valid for writing.
        to_result(unsafe { bindings::ckpt_pipe_get(self.0.as_ptr(), &mut *state) })?;
        Ok(state)
    }

    /// Copies the bytes of a buffer, counted from the one that is read next; gives their number. ESTALE:
    /// some were added or taken since it was between this `head` and `tail`.
    pub(crate) fn peek(
        &self,
        index: u32,
        (head, tail): (u32, u32),
        bytes: &mut [u8],
    ) -> Result<(Buffer, usize)> {
        let size = u32::try_from(bytes.len())?;
        let mut data = bindings::ckpt_pipe_data::default();
        let to = bytes.as_mut_ptr().cast();
        // SAFETY: By the type invariant; the slice is valid for its length.
        let length = unsafe {
            bindings::ckpt_pipe_peek(self.0.as_ptr(), index, head, tail, &mut data, to, size)
        };
        let length = usize::try_from(length).map_err(|_| Error::from_errno(length))?;
        let buffer = Buffer {
            offset: data.offset,
            is_packet: data.packet,
            merges: data.merges,
        };
        Ok((buffer, length))
    }

    /// fcntl(F_SETPIPE_SZ), with the rights of the caller.
    pub(crate) fn resize(&self, room: u64) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_pipe_resize(self.0.as_ptr(), room) })
    }

    /// Has its room count to another user. The caller has checked the rights.
    pub(crate) fn charge(&self, user: u32) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_pipe_charge(self.0.as_ptr(), user) })
    }

    /// Adds a buffer. ENOSPC: it is full.
    pub(crate) fn put(&self, payer: &Space, buffer: Buffer, bytes: &[u8]) -> Result {
        let data = bindings::ckpt_pipe_data {
            offset: buffer.offset,
            length: u32::try_from(bytes.len())?,
            packet: buffer.is_packet,
            merges: buffer.merges,
        };
        let from = bytes.as_ptr().cast();
        // SAFETY: By the type invariants; the slice is valid for its length.
        to_result(unsafe { bindings::ckpt_pipe_put(self.0.as_ptr(), payer.as_ptr(), &data, from) })
    }

    /// Every write wakes who waits with epoll.
    pub(crate) fn note_polled(&self) {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_pipe_note_polled(self.0.as_ptr()) };
    }

    /// A writer that is missing is no hangup, until there has been one.
    pub(crate) fn await_writer(&self) {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_pipe_await_writer(self.0.as_ptr()) };
    }

    /// fcntl(F_SETFL), with the rights of the caller; O_LARGEFILE too.
    pub(crate) fn set_flags(&self, flags: u32) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_pipe_flags(self.0.as_ptr(), flags) })
    }
}

/// May the caller write to what an O_PATH file is of?
pub(crate) fn may_write(file: &OpenFile) -> bool {
    // SAFETY: By the type invariant of `OpenFile`.
    unsafe { bindings::ckpt_may_write(file.as_ptr()) }
}

/// May the caller open what this O_PATH file is of, for reading or for writing?
pub(crate) fn may_open(file: &OpenFile) -> bool {
    // SAFETY: By the type invariant of `OpenFile`.
    unsafe { bindings::ckpt_may_read_or_write(file.as_ptr()) }
}
