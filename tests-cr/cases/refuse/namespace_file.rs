// SPDX-License-Identifier: GPL-2.0

//! Fact: an open namespace is refused, by descriptor.
//!
//! Could break: it keeps the namespace alive.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    // SAFETY: the path is a C string.
    let fd = must("open", unsafe {
        libc::open(c"/proc/self/ns/net".as_ptr(), libc::O_RDONLY)
    });
    expect_refusal_of_fd("FileKind", fd, "");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, libc::F_GETFD) });
}
