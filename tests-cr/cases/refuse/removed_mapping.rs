// SPDX-License-Identifier: GPL-2.0

//! Fact: a mapping of a removed file is refused, by address.
//!
//! Could break: its descriptor was closed long ago.

use ckpt_support::{check, checkpoint_here, expect_refusal_at, file_with, page_size, Mapping};

pub fn run() {
    let file = file_with("mapped", &vec![b'm'; page_size()]);
    let memory = Mapping::of_file(&file, page_size(), libc::PROT_READ, libc::MAP_PRIVATE);
    drop(file);
    std::fs::remove_file("mapped").expect("unlink");
    expect_refusal_at("AreaFile|FileRemoved", memory.page_address(0), "mapped");
    checkpoint_here();
    check(memory.page(0)[0] == b'm', "the content is gone");
}
