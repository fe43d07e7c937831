// SPDX-License-Identifier: GPL-2.0

//! Fact: what cannot be saved, and does not belong to the outside, is refused also as standard input
//! or error: one of a pair of sockets, the other end of a terminal.
//!
//! Could break: the restarter cannot hand in what the container has made for itself.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    let mut pair = [0; 2];
    // SAFETY: two numbers, as wanted; the other calls take no pointer, or a C string.
    let master = unsafe {
        must(
            "socketpair",
            libc::socketpair(libc::AF_UNIX, libc::SOCK_STREAM, 0, pair.as_mut_ptr()),
        );
        must("dup2", libc::dup2(pair[0], 0));
        must("close", libc::close(pair[0]));
        must("open", libc::open(c"/dev/ptmx".as_ptr(), libc::O_RDWR))
    };
    // SAFETY: takes no pointer.
    unsafe {
        must("dup2", libc::dup2(master, 2));
        must("close", libc::close(master));
    }
    expect_refusal_of_fd("FileKind", 2, "ptmx");
    checkpoint_here();
}
