// SPDX-License-Identifier: GPL-2.0

//! Fact: a pipe is refused, at both of its ends.
//!
//! Could break: its content is in the kernel only.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must, same};

pub fn run() {
    let mut ends = [0; 2];
    // SAFETY: two numbers, as wanted.
    must("pipe", unsafe { libc::pipe(ends.as_mut_ptr()) });
    // SAFETY: one byte out of one.
    must("write", unsafe {
        libc::write(ends[1], c"x".as_ptr().cast(), 1)
    });
    expect_refusal_of_fd("FileKind", ends[0], "pipe");
    expect_refusal_of_fd("FileKind", ends[1], "pipe");
    checkpoint_here();
    let mut byte = 0u8;
    // SAFETY: one byte into one.
    must("read", unsafe {
        libc::read(ends[0], (&raw mut byte).cast(), 1)
    });
    same("content", &b'x', &byte);
}
