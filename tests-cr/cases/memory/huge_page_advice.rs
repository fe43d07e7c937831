// SPDX-License-Identifier: GPL-2.0

//! Fact: huge pages come back as content, and a hole beside a small page stays a hole.
//!
//! Could break: filling one page of an area that may have huge pages gives it a whole one.

use ckpt_support::{anonymous, check, checkpoint_here, same, Mapping};

const HUGE: usize = 2 << 20;

fn resident(memory: &Mapping, first: usize, count: usize) -> usize {
    let mut pages = vec![0u8; count];
    let at = memory.page_address(first) as *mut libc::c_void;
    // SAFETY: as many bytes as pages.
    ckpt_support::must("mincore", unsafe {
        libc::mincore(at, count * ckpt_support::page_size(), pages.as_mut_ptr())
    });
    pages.iter().filter(|page| **page & 1 == 1).count()
}

pub fn run() {
    let memory = anonymous(4 * HUGE);
    let per_huge = HUGE / ckpt_support::page_size();
    let first = (HUGE - memory.page_address(0) % HUGE) % HUGE / ckpt_support::page_size();
    // A small page before the advice.
    memory.page(first + per_huge + 9).fill(b's');
    memory.advise(first, 3 * per_huge, libc::MADV_HUGEPAGE);
    for page in 0..per_huge {
        memory.page(first + page).fill(page as u8 | 1);
    }
    checkpoint_here();
    for page in 0..per_huge {
        let right = memory.page(first + page).iter().all(|&byte| byte == page as u8 | 1);
        check(right, "the content of a huge page differs");
    }
    check(memory.page(first + per_huge + 9)[1] == b's', "the small page differs");
    same("resident beside the small page", &1, &resident(&memory, first + per_huge, per_huge));
}
