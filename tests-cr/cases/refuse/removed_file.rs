// SPDX-License-Identifier: GPL-2.0

//! Fact: an open file that was removed is refused, by descriptor and name.
//!
//! Could break: by its old name there may be another file.

use std::io::{Read, Seek};
use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, file_with, same};

pub fn run() {
    let mut file = file_with("removed", b"content");
    std::fs::remove_file("removed").expect("unlink");
    drop(file_with("removed", b"another"));
    expect_refusal_of_fd("FileRemoved", file.as_raw_fd(), "removed");
    checkpoint_here();
    let mut content = String::new();
    file.rewind().expect("seek");
    file.read_to_string(&mut content).expect("read");
    same("content", &"content", &content.as_str());
}
