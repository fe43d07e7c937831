// SPDX-License-Identifier: GPL-2.0

//! Storages: contents inside of them, in order.

use std::collections::BTreeMap;

use ckpt_format::header::Header;
use ckpt_format::storage::{ContentPages, ContentZeros, Storage, CONTENT_PROMISED};
use ckpt_format::{ObjectId, Problem};

/// The storages so far and what is in them.
#[derive(Debug, Default)]
pub(super) struct Storages {
    page_size: u64,
    storages: BTreeMap<u32, Stretch>,
    pub(super) pages: u64,
    pub(super) zero_pages: u64,
}

#[derive(Debug)]
struct Stretch {
    /// Where the next run may begin.
    next: u64,
    /// Likewise, of what is promised.
    next_promise: u64,
    /// The end of the last page.
    end: u64,
}

impl Storages {
    pub(super) fn begin(&mut self, header: &Header) {
        self.page_size = header.page_size.get().into();
    }

    pub(super) fn declare(&mut self, storage: &Storage) {
        let stretch = Stretch {
            next: 0,
            next_promise: 0,
            end: storage.whole_pages(self.page_size),
        };
        self.storages.insert(storage.id.get(), stretch);
    }

    pub(super) fn pages(&mut self, pages: &ContentPages, bytes: u64) -> Result<(), Problem> {
        if bytes == 0 || bytes % self.page_size != 0 {
            return Err(Problem::Length(bytes));
        }
        self.pages += bytes / self.page_size;
        self.run(pages.storage, pages.offset.get(), bytes, 0)
    }

    pub(super) fn zeros(&mut self, zeros: &ContentZeros) -> Result<(), Problem> {
        let count = zeros.count.get();
        let bytes = count.checked_mul(self.page_size);
        let bytes = bytes.filter(|bytes| *bytes != 0 && *bytes <= i64::MAX as u64);
        let bytes = bytes.ok_or(Problem::Value("count", count))?;
        self.zero_pages = self.zero_pages.saturating_add(count);
        self.run(zeros.storage, zeros.offset.get(), bytes, zeros.flags.get())
    }

    /// A run lies behind the one before, and inside of the file unless its flags (`CONTENT_*`) say
    /// that it need not.
    fn run(
        &mut self,
        storage: ObjectId,
        offset: u64,
        bytes: u64,
        flags: u32,
    ) -> Result<(), Problem> {
        let number = storage.get();
        let stretch = self
            .storages
            .get_mut(&number)
            .ok_or(Problem::Reference("storage", number))?;
        let misplaced = Problem::Value("offset", offset);
        let end = offset.checked_add(bytes).ok_or(misplaced)?;
        let most = match flags {
            0 => stretch.end,
            _ => i64::MAX as u64,
        };
        let next = match flags & CONTENT_PROMISED {
            0 => &mut stretch.next,
            _ => &mut stretch.next_promise,
        };
        if offset % self.page_size != 0 || offset < *next || end > most {
            return Err(misplaced);
        }
        *next = end;
        Ok(())
    }
}
