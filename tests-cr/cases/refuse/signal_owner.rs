// SPDX-License-Identifier: GPL-2.0

//! Fact: a file that sends signals (F_SETOWN) is refused.
//!
//! Could break: whom it sends them is a pid in the kernel.

use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, file_with, must};

pub fn run() {
    let file = file_with("owned", b"");
    // SAFETY: takes no pointer.
    must("F_SETOWN", unsafe {
        libc::fcntl(file.as_raw_fd(), libc::F_SETOWN, libc::getpid())
    });
    expect_refusal_of_fd("FileOwner", file.as_raw_fd(), "owned");
    checkpoint_here();
}
