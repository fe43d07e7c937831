// SPDX-License-Identifier: GPL-2.0

//! Fact: an open directory that was removed is refused.
//!
//! Could break: there is no path to it any more.

use std::fs::File;
use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, expect_refusal_of_fd};

pub fn run() {
    std::fs::create_dir_all("removed").expect("mkdir");
    let directory = File::open("removed").expect("open");
    std::fs::remove_dir("removed").expect("rmdir");
    expect_refusal_of_fd("FileRemoved", directory.as_raw_fd(), "removed");
    checkpoint_here();
}
