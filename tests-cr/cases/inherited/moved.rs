// SPDX-License-Identifier: GPL-2.0

//! Fact: pages that a child has moved elsewhere since (mremap) read as they did, there and with the
//! parent, and are private.
//!
//! Could break: they are the parent's pages, at another address.

use ckpt_support::{checkpoint_here, must_ptr, page_size, same, Mapping};

use super::frames::{pattern, reads, write, written};
use crate::tasks::relatives::{checked_child, child, end_of, FINE};

const PAGES: usize = 40;

pub fn run() {
    let memory = written(PAGES);
    let mover = child(|| {
        let size = PAGES * page_size();
        // SAFETY: the whole mapping goes to wherever there is room for twice as much.
        let address = must_ptr("mremap", unsafe {
            let from = memory.page_address(0) as *mut libc::c_void;
            libc::mremap(from, size, 2 * size, libc::MREMAP_MAYMOVE)
        });
        let moved = Mapping::at(address, 2 * size);
        write(&moved, PAGES, 1, |_| 5);
        ckpt_support::wait_for_go();
        let says = |page: usize| match page {
            PAGES => 5,
            page if page < PAGES => pattern(page),
            _ => 0,
        };
        let fine = reads(&moved, 0, says);
        write(&moved, 0, PAGES, |_| 6);
        if fine { FINE } else { 1 }
    });
    let other = checked_child(|| reads(&memory, 0, pattern));
    checkpoint_here();
    same("the one who moved them", &FINE, &end_of(mover));
    same("the other", &FINE, &end_of(other));
    same("the parent", &true, &reads(&memory, 0, pattern));
}
