// SPDX-License-Identifier: GPL-2.0

//! Fact: huge pages that relatives share (MADV_HUGEPAGE) come back, shared.
//!
//! Could break: only the first of the small pages in one says whether others have it.

use std::sync::atomic::Ordering::SeqCst;

use ckpt_support::{anonymous, checkpoint_here, page_size, same, Mapping};

use super::frames::{all_shared, pattern, reads, write};
use crate::tasks::relatives::{checked_child, child as relative, end_of, shared_word, wait_until, FINE};

const PAGES: usize = 1024;

pub fn run() {
    let room = anonymous(3 * 1024 * page_size());
    let huge = 512 * page_size();
    let start = room.page_address(0).next_multiple_of(huge);
    let memory = Mapping::at(start as *mut u8, PAGES * page_size());
    memory.advise(0, PAGES, libc::MADV_HUGEPAGE);
    write(&memory, 0, PAGES, pattern);
    let ready = shared_word();
    let child = checked_child(|| {
        let fine = reads(&memory, 0, pattern);
        ready.fetch_add(1, SeqCst);
        wait_until(ready, 2);
        write(&memory, 600, 10, |_| 1);
        fine
    });
    let other = relative(|| {
        // A part of a huge page of its own.
        write(&memory, 100, 5, |_| 255);
        ckpt_support::wait_for_go();
        let says = |page: usize| match page {
            100..105 => 255,
            _ => pattern(page),
        };
        if reads(&memory, 0, says) { FINE } else { 1 }
    });
    checkpoint_here();
    wait_until(ready, 1);
    all_shared("pages shared", "self", &child.to_string(), &memory, PAGES);
    ready.fetch_add(1, SeqCst);
    for child in [child, other] {
        same("a child", &FINE, &end_of(child));
    }
    same("the parent", &true, &reads(&memory, 0, pattern));
}
