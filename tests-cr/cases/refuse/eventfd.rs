// SPDX-License-Identifier: GPL-2.0

//! Fact: an eventfd is refused, by descriptor.
//!
//! Could break: its count is in the kernel only.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    // SAFETY: takes no pointer.
    let fd = must("eventfd", unsafe { libc::eventfd(3, 0) });
    expect_refusal_of_fd("FileKind", fd, "eventfd");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, libc::F_GETFD) });
}
