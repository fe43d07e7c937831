// SPDX-License-Identifier: GPL-2.0

//! Fact: pages that MADV_REMOVE took out of shared memory are holes afterwards, and pages of zeros
//! are pages.
//!
//! Could break: both read as zero.

use ckpt_support::{check, checkpoint_here, page_size, same, Mapping};

fn resident(memory: &Mapping) -> Vec<bool> {
    let mut states = vec![0u8; memory.pages()];
    // SAFETY: one byte for each page.
    let got = unsafe {
        libc::mincore(
            memory.pointer(),
            memory.pages() * page_size(),
            states.as_mut_ptr(),
        )
    };
    check(got == 0, "mincore");
    states.iter().map(|state| state & 1 == 1).collect()
}

pub fn run() {
    let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::new(8 * page_size(), rights, flags, -1, 0);
    for page in 0..6 {
        memory.page(page)[0] = 8;
    }
    memory.advise(2, 2, libc::MADV_REMOVE);
    memory.page(5).fill(0);
    let before = resident(&memory);
    same(
        "the pages before",
        &vec![true, true, false, false, true, true, false, false],
        &before,
    );
    checkpoint_here();
    same("the pages that are there", &before, &resident(&memory));
    check(memory.page(1)[0] == 8, "a page is gone");
    check(memory.page(2)[0] == 0, "a hole is not zero");
}
