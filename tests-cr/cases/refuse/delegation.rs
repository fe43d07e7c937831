// SPDX-License-Identifier: GPL-2.0

//! Fact: a delegation is refused.
//!
//! Could break: others change the directory and its holder does not hear of it.

use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must, not_run};

/// Numbers of fcntl(2) that libc lacks.
const F_SETDELEG: i32 = 1024 + 16;

pub fn run() {
    std::fs::create_dir("delegated").expect("a directory");
    let directory = std::fs::File::open("delegated").expect("a directory");
    // No flags, for reading.
    let delegation: [u16; 4] = [0, 0, libc::F_RDLCK as u16, 0];
    // SAFETY: a struct to be read.
    let result = unsafe { libc::fcntl(directory.as_raw_fd(), F_SETDELEG, &delegation) };
    if result < 0 && ckpt_support::errno() == libc::EINVAL {
        not_run("no delegations here");
    }
    must("F_SETDELEG", result);
    expect_refusal_of_fd("LockKind", directory.as_raw_fd(), "delegated");
    checkpoint_here();
}
