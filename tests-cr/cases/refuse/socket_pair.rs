// SPDX-License-Identifier: GPL-2.0

//! Fact: a pair of unix sockets is refused, both of them.
//!
//! Could break: they queue themselves on each other.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    let mut pair = [0; 2];
    // SAFETY: two numbers, as wanted.
    must("socketpair", unsafe {
        libc::socketpair(libc::AF_UNIX, libc::SOCK_STREAM, 0, pair.as_mut_ptr())
    });
    expect_refusal_of_fd("FileKind", pair[0], "socket");
    expect_refusal_of_fd("FileKind", pair[1], "socket");
    checkpoint_here();
    // SAFETY: one byte out of one.
    must("write", unsafe {
        libc::write(pair[1], c"x".as_ptr().cast(), 1)
    });
}
