// SPDX-License-Identifier: GPL-2.0

//! Fact: more extended attributes than an image holds for one file are refused by name.
//!
//! Could break: some of them saved would be worse than none.

use std::os::fd::AsRawFd;

use ckpt_support::attribute::{attributes, set_attribute};
use ckpt_support::{checkpoint_here, expect_refusal_of_fd, memfd, same};

pub fn run() {
    let file = memfd(c"laden", 0);
    for letter in b'a'..=b'q' {
        let name = std::ffi::CString::new(format!("trusted.{}", letter as char)).expect("text");
        set_attribute(&file, &name, &[letter; 65_536]);
    }
    let before = attributes(&file);
    expect_refusal_of_fd("StorageAttributes", file.as_raw_fd(), "laden");
    checkpoint_here();
    same("attributes", &before, &attributes(&file));
}
