// SPDX-License-Identifier: GPL-2.0

//! Fact: many thousands of areas come back, each at the same price.
//!
//! Could break: whatever is done for each of them by looking at all.

use std::time::Instant;

use ckpt_support::{anonymous, check, checkpoint_here, page_size};

const AREAS: usize = 10_000;

pub fn run() {
    std::fs::write("/proc/sys/vm/max_map_count", "1000000").expect("max_map_count");
    let memory = anonymous(AREAS * page_size());
    for page in (0..AREAS).step_by(2) {
        memory.protect(page, 1, libc::PROT_READ);
    }
    for page in (1..AREAS).step_by(100) {
        memory.page(page)[0] = page as u8;
    }
    checkpoint_here();
    let begin = Instant::now();
    for page in (1..AREAS).step_by(100) {
        check(memory.page(page)[0] == page as u8, "the content differs");
    }
    memory.protect(0, AREAS, libc::PROT_READ | libc::PROT_WRITE);
    memory.page(2)[0] = 1;
    check(begin.elapsed().as_secs() < 60, "it takes for ever");
}
