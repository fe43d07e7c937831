// SPDX-License-Identifier: GPL-2.0

//! Fact: a restarted program can fork; parent and child then have memory of their own.
//!
//! Could break: pages that were put into the address space without the right owner or counts are
//! shared for writing by mistake, or the kernel finds its reverse mapping broken.

use ckpt_support::{anonymous, check, checkpoint_here, must, page_size, same};

pub fn run() {
    let memory = anonymous(8 * page_size());
    for index in 0..7 {
        memory.page(index).fill(b'p');
    }
    checkpoint_here();
    // SAFETY: single-threaded; the child only touches its memory and exits.
    let child = must("fork", unsafe { libc::fork() });
    if child == 0 {
        let fine = (0..7).all(|index| memory.page(index).iter().all(|&byte| byte == b'p'));
        for index in 0..8 {
            memory.page(index).fill(b'c');
        }
        // SAFETY: ends the child.
        unsafe { libc::_exit(i32::from(!fine)) };
    }
    memory.page(0).fill(b'q');
    let mut status = 0;
    // SAFETY: writes one number.
    same("waitpid", &child, &unsafe {
        libc::waitpid(child, &mut status, 0)
    });
    same("status of the child", &0, &status);
    for index in 0..8 {
        let expected = [b'q', b'p', b'p', b'p', b'p', b'p', b'p', 0][index];
        check(
            memory.page(index).iter().all(|&byte| byte == expected),
            "the child wrote to us",
        );
    }
}
