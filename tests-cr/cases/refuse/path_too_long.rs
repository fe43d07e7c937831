// SPDX-License-Identifier: GPL-2.0

//! Fact: a file whose path is longer than any that can be opened is refused, and it says why.
//!
//! Could break: the path is cut, and leads to another file.

use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, file_with, may_also_refuse};

pub fn run() {
    let name = "d".repeat(250);
    let start = std::fs::File::open(".").expect("open");
    for _ in 0..20 {
        std::fs::create_dir(&name).expect("mkdir");
        std::env::set_current_dir(&name).expect("chdir");
    }
    let file = file_with("deep", b"");
    // SAFETY: takes no pointer.
    unsafe { libc::fchdir(start.as_raw_fd()) };
    expect_refusal_of_fd("FilePathLong", file.as_raw_fd(), "4095");
    may_also_refuse("FilePathLong");
    checkpoint_here();
}
