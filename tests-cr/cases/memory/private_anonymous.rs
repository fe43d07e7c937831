// SPDX-License-Identifier: GPL-2.0

//! Fact: private anonymous memory comes back page by page with its contents.
//!
//! Could break: the pages are stored in runs, and a run that is cut, shifted or doubled at a
//! boundary puts the right bytes at the wrong address. Each page says where it is.

use ckpt_support::{anonymous, checkpoint_here, same};

/// More than one run of pages, and not a multiple of one.
const PAGES: usize = 1500;

pub fn run() {
    let memory = anonymous(PAGES * ckpt_support::page_size());
    for index in 0..memory.pages() {
        let page = memory.page(index);
        page[..8].copy_from_slice(&index.to_le_bytes());
        let last = page.len() - 8;
        page[last..].copy_from_slice(&(!index).to_le_bytes());
    }
    checkpoint_here();
    for index in 0..memory.pages() {
        let page = memory.page(index);
        let last = page.len() - 8;
        same("start of a page", &&index.to_le_bytes()[..], &&page[..8]);
        same(
            "end of a page",
            &&(!index).to_le_bytes()[..],
            &&page[last..],
        );
    }
}
