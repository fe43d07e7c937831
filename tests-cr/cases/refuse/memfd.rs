// SPDX-License-Identifier: GPL-2.0

//! Fact: a memfd is refused, by descriptor.
//!
//! Could break: it has no path: only the descriptor leads to its content.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    // SAFETY: the name is a C string.
    let fd = must("memfd_create", unsafe {
        libc::memfd_create(c"content".as_ptr(), 0)
    });
    expect_refusal_of_fd("FileKind|FileRemoved", fd, "memfd");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, libc::F_GETFD) });
}
