// SPDX-License-Identifier: GPL-2.0

//! Fact: a file that sends signals (F_SETOWN) to a task outside is refused, and names that task.
//!
//! Could break: the number means somebody else after a restart.

use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, file_with, must};

pub fn run() {
    let file = file_with("owned", b"");
    // SAFETY: takes no pointer.
    let parent = unsafe { libc::getppid() };
    // SAFETY: takes no pointer.
    must("F_SETOWN", unsafe {
        libc::fcntl(file.as_raw_fd(), libc::F_SETOWN, parent)
    });
    expect_refusal_of_fd("FileOwner", file.as_raw_fd(), &parent.to_string());
    checkpoint_here();
}
