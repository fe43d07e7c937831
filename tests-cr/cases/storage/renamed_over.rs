// SPDX-License-Identifier: GPL-2.0

//! Fact: a file that another one was renamed over is still the old one for who has it open.
//!
//! Could break: this is how programs replace their files, and the name leads to the new one.

use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;

use ckpt_support::{checkpoint_here, file_with, link_of, same};

pub fn run() {
    let old = file_with("config", b"the old one");
    let new = file_with("config.new", b"the new one");
    std::fs::rename("config.new", "config").expect("rename");
    let links = || (link_of(old.as_raw_fd()), link_of(new.as_raw_fd()));
    let before = links();
    checkpoint_here();
    same("links", &before, &links());
    for (file, content) in [(&old, b"the old one"), (&new, b"the new one")] {
        let mut bytes = [0; 11];
        file.read_exact_at(&mut bytes, 0).expect("read");
        same("content", content, &bytes);
    }
    old.write_all_at(b"x", 0).expect("write");
    let named = std::fs::read_to_string("config").expect("config");
    same("the file by the name", &"the new one", &named.as_str());
}
