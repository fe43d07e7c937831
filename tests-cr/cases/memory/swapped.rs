// SPDX-License-Identifier: GPL-2.0

//! Fact: pages that are in swap come back, also where nothing may be read.
//!
//! Could break: they are not in memory when the checkpoint looks.

use std::fs::File;
use std::os::unix::fs::FileExt;

use ckpt_support::{anonymous, check, checkpoint_here, page_size, swap, Mapping};

const PAGES: usize = 1500;

fn pattern(page: usize) -> u8 {
    (page % 251) as u8 + 1
}

fn swapped(memory: &Mapping) -> usize {
    let map = File::open("/proc/self/pagemap").expect("pagemap");
    let mut entries = vec![0u8; memory.pages() * 8];
    let at = memory.page_address(0) / page_size() * 8;
    map.read_exact_at(&mut entries, at as u64).expect("entries");
    entries.chunks(8).filter(|entry| entry[7] & 0x40 != 0).count()
}

pub fn run() {
    let area = swap::on();
    let memory = anonymous(PAGES * page_size());
    for page in 0..PAGES {
        memory.page(page).fill(pattern(page));
    }
    // Another run may take its swap area away, and bring back what of ours is in there.
    for _ in 0..20 {
        memory.advise(0, PAGES, libc::MADV_PAGEOUT);
        if swapped(&memory) > PAGES / 2 {
            break;
        }
    }
    check(swapped(&memory) > PAGES / 2, "nothing was swapped out");
    memory.protect(700, 300, libc::PROT_NONE);
    checkpoint_here();
    memory.protect(700, 300, libc::PROT_READ | libc::PROT_WRITE);
    for page in 0..PAGES {
        let right = memory.page(page).iter().all(|&byte| byte == pattern(page));
        check(right, &format!("page {page} differs"));
    }
    swap::off(&area);
}
