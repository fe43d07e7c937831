// SPDX-License-Identifier: GPL-2.0

//! Fact: an open file that another one was renamed over is refused.
//!
//! Could break: this is how editors and package managers replace files.

use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, file_with};

pub fn run() {
    let file = file_with("target", b"old");
    drop(file_with("source", b"new"));
    std::fs::rename("source", "target").expect("rename");
    expect_refusal_of_fd("FileRemoved", file.as_raw_fd(), "target");
    checkpoint_here();
}
