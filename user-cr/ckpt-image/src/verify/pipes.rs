// SPDX-License-Identifier: GPL-2.0

//! Pipes: ends that are ends, and as much in them as was said.

use std::collections::BTreeMap;

use ckpt_format::files::{OpenFile, OPEN_FILE_AWAITS_WRITER};
use ckpt_format::header::Header;
use ckpt_format::pipes::{Pipe, PipeData, BUFFER_MERGES};
use ckpt_format::Problem;

const S_IFMT: u32 = 0o170_000;
const S_IFIFO: u32 = 0o010_000;
const O_PATH: u32 = 0o10_000_000;

/// The pipes so far and what is missing in them.
#[derive(Debug, Default)]
pub(super) struct Pipes {
    page_size: u64,
    pipes: BTreeMap<u32, Missing>,
}

#[derive(Debug)]
struct Missing {
    buffers: u32,
    bytes: u64,
}

impl Pipes {
    pub(super) fn begin(&mut self, header: &Header) {
        self.page_size = header.page_size.get().into();
    }

    pub(super) fn declare(&mut self, pipe: &Pipe) -> Result<(), Problem> {
        let buffers = pipe.buffers.get();
        if u64::from(buffers) > pipe.size.get() / self.page_size.max(1) {
            return Err(Problem::Value("buffers", buffers.into()));
        }
        let missing = Missing {
            buffers,
            bytes: pipe.bytes.get(),
        };
        self.pipes.insert(pipe.id.get(), missing);
        Ok(())
    }

    /// Whatever reads or writes a FIFO is an end of it, and nothing else is.
    pub(super) fn end(&self, file: &OpenFile) -> Result<(), Problem> {
        let is_fifo = file.mode.get() & S_IFMT == S_IFIFO;
        let is_end = is_fifo && file.flags.get() & O_PATH == 0;
        let awaits = file.marks.get() & OPEN_FILE_AWAITS_WRITER != 0;
        if is_end == self.pipes.contains_key(&file.storage.get()) && (is_end || !awaits) {
            Ok(())
        } else {
            Err(Problem::Reference("storage", file.storage.get()))
        }
    }

    pub(super) fn data(&mut self, data: &PipeData, length: u64) -> Result<(), Problem> {
        let offset = u64::from(data.offset.get());
        let merges = data.flags.get() & BUFFER_MERGES != 0;
        if merges && offset.saturating_add(length) > self.page_size {
            return Err(Problem::Value("offset", offset));
        }
        let id = data.pipe.get();
        let misplaced = Problem::Reference("pipe", id);
        let missing = self.pipes.get_mut(&id).ok_or(misplaced)?;
        missing.buffers = missing.buffers.checked_sub(1).ok_or(misplaced)?;
        missing.bytes = missing.bytes.checked_sub(length).ok_or(misplaced)?;
        Ok(())
    }

    pub(super) fn are_full(&self) -> Result<(), Problem> {
        let is_short = |missing: &Missing| missing.buffers != 0 || missing.bytes != 0;
        match self.pipes.iter().find(|(_, missing)| is_short(missing)) {
            None => Ok(()),
            Some((id, _)) => Err(Problem::Reference("pipe", *id)),
        }
    }
}
