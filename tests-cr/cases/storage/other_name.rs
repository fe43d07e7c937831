// SPDX-License-Identifier: GPL-2.0

//! Fact: a file that lost the name it was opened by, but has another, is that very file afterwards.
//!
//! Could break: a copy of it would look the same until somebody writes.

use std::io::{Read, Seek, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;

use ckpt_support::{checkpoint_here, file_with, link_of, same};

pub fn run() {
    let _ = std::fs::remove_file("other");
    let mut file = file_with("opened", b"one");
    std::fs::hard_link("opened", "other").expect("link");
    std::fs::remove_file("opened").expect("unlink");
    let before = link_of(file.as_raw_fd());
    checkpoint_here();
    same("its link", &before, &link_of(file.as_raw_fd()));
    let about = file.metadata().expect("fstat");
    let named = std::fs::metadata("other").expect("stat");
    same("inode", &named.ino(), &about.ino());
    same("links", &1, &about.nlink());
    file.write_all(b", two").expect("write");
    let content = std::fs::read_to_string("other").expect("other");
    same("by the other name", &"one, two", &content.as_str());
    let mut through = String::new();
    file.rewind().expect("seek");
    file.read_to_string(&mut through).expect("read");
    same("through the descriptor", &content, &through);
}
