// SPDX-License-Identifier: GPL-2.0

//! Fact: an address space of more than a thousand areas comes back.
//!
//! Could break: counts have limits, and anything quadratic shows here.

use ckpt_support::{anonymous, can_write, checkpoint_here, page_size, same};

const PAGES: usize = 1500;

pub fn run() {
    let memory = anonymous(PAGES * page_size());
    for index in (0..PAGES).step_by(2) {
        memory.page(index)[0] = index as u8;
        memory.protect(index, 1, libc::PROT_READ);
    }
    checkpoint_here();
    for index in (0..PAGES).step_by(2) {
        same("content", &(index as u8), &memory.page(index)[0]);
    }
    for index in [0, 1, 2, 3, PAGES - 2, PAGES - 1] {
        let address = memory.page_address(index);
        same("writable", &(index % 2 == 1), &can_write(address));
    }
}
