// SPDX-License-Identifier: GPL-2.0

//! Fact: a file with a record lock of the process is refused.
//!
//! Could break: others would get the lock, or lose theirs.

use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, file_with, must};

pub fn run() {
    let file = file_with("locked", b"");
    // SAFETY: all zeros but for the type: the whole file.
    must("F_SETLK", unsafe {
        let mut lock: libc::flock = std::mem::zeroed();
        lock.l_type = libc::F_WRLCK as i16;
        libc::fcntl(file.as_raw_fd(), libc::F_SETLK, &lock)
    });
    expect_refusal_of_fd("FileLock", file.as_raw_fd(), "locked");
    checkpoint_here();
}
