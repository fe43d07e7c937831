// SPDX-License-Identifier: GPL-2.0

//! Fact: a netlink socket is refused, by descriptor.
//!
//! Could break: it talks to the kernel, whose state it mirrors.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    // SAFETY: takes no pointer.
    let fd = must("socket", unsafe {
        libc::socket(libc::AF_NETLINK, libc::SOCK_RAW, 0)
    });
    expect_refusal_of_fd("FileKind", fd, "socket");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, libc::F_GETFD) });
}
