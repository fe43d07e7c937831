// SPDX-License-Identifier: GPL-2.0

//! Fact: a listening TCP socket is refused, by descriptor.
//!
//! Could break: its state is in the network stack.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    // SAFETY: takes no pointer.
    let fd = must("socket", unsafe {
        libc::socket(libc::AF_INET, libc::SOCK_STREAM, 0)
    });
    // SAFETY: takes no pointer.
    must("listen", unsafe { libc::listen(fd, 1) });
    expect_refusal_of_fd("FileKind", fd, "(TCP)");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, libc::F_GETFD) });
}
