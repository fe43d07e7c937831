// SPDX-License-Identifier: GPL-2.0

//! Fact: an epoll instance is refused, by descriptor.
//!
//! Could break: what it watches is in the kernel only.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    // SAFETY: takes no pointer.
    let fd = must("epoll_create1", unsafe { libc::epoll_create1(0) });
    expect_refusal_of_fd("FileKind", fd, "poll");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, libc::F_GETFD) });
}
