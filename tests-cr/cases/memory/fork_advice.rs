// SPDX-License-Identifier: GPL-2.0

//! Fact: what was to be wiped or left out at fork is.
//!
//! Could break: nothing else shows it; the flags have to be there when the child is made.

use ckpt_support::{anonymous, check, checkpoint_here, page_size};

pub fn run() {
    let wiped = anonymous(2 * page_size());
    wiped.page(0).fill(b'w');
    wiped.advise(0, 1, libc::MADV_WIPEONFORK);
    wiped.page(1).fill(b'k');
    let missing = anonymous(page_size());
    missing.page(0).fill(b'm');
    missing.advise(0, 1, libc::MADV_DONTFORK);
    checkpoint_here();
    check(wiped.page(0)[1] == b'w' && missing.page(0)[1] == b'm', "the content differs");
    // SAFETY: the child looks at its memory and ends.
    unsafe {
        let child = libc::fork();
        if child == 0 {
            let mut page = 0u8;
            let there = libc::mincore(missing.pointer(), page_size(), &raw mut page) == 0;
            let right = wiped.page(0)[1] == 0 && wiped.page(1)[1] == b'k' && !there;
            libc::_exit(i32::from(!right));
        }
        let mut status = 0;
        libc::waitpid(child, &raw mut status, 0);
        check(status == 0, "the child has what it should not have");
    }
}
