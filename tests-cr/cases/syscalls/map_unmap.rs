// SPDX-License-Identifier: GPL-2.0

//! Fact: a program that keeps changing its address space is caught at a clean point.
//!
//! Could break: areas that are cut, merged and faulted in at the moment of the checkpoint.

use ckpt_support::{anonymous, check, page_size, ready, GoFlag};

pub fn run() {
    let go = GoFlag::map();
    let mut round = 0usize;
    ready();
    while !go.is_set() {
        let memory = anonymous(32 * page_size());
        for index in 0..32 {
            memory.page(index)[0] = (round + index) as u8;
        }
        memory.protect(8, 8, libc::PROT_READ);
        memory.unmap(16, 4);
        for index in (0..16).chain(20..32) {
            check(
                memory.page(index)[0] == (round + index) as u8,
                "a page differs",
            );
        }
        memory.unmap(0, 32);
        round += 1;
    }
}
