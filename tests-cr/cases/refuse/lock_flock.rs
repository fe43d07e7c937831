// SPDX-License-Identifier: GPL-2.0

//! Fact: a file locked with flock is refused.
//!
//! Could break: others would get the lock, or lose theirs.

use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, file_with, must};

pub fn run() {
    let file = file_with("locked", b"");
    // SAFETY: takes no pointer.
    must("flock", unsafe {
        libc::flock(file.as_raw_fd(), libc::LOCK_EX)
    });
    expect_refusal_of_fd("FileLock", file.as_raw_fd(), "locked");
    checkpoint_here();
}
