// SPDX-License-Identifier: GPL-2.0

//! Fact: pages that nobody may read at the moment (PROT_NONE) come back with their content.
//!
//! Could break: a reader that respects the protection cannot see them.

use ckpt_support::{anonymous, check, checkpoint_here, page_size};

pub fn run() {
    let memory = anonymous(4 * page_size());
    for index in 0..4 {
        memory.page(index).fill(b'0' + index as u8);
    }
    memory.protect(1, 2, libc::PROT_NONE);
    checkpoint_here();
    memory.protect(1, 2, libc::PROT_READ);
    for index in 0..4 {
        let page = memory.page(index);
        check(
            page.iter().all(|&byte| byte == b'0' + index as u8),
            &format!("page {index}"),
        );
    }
}
