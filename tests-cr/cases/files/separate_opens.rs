// SPDX-License-Identifier: GPL-2.0

//! Fact: one file opened twice has two offsets after a restart.
//!
//! Could break: files are told apart by identity, and one that goes by inode or path merges them.

use std::fs::File;
use std::io::{Seek, SeekFrom};

use ckpt_support::{checkpoint_here, file_with, same};

pub fn run() {
    let mut first = file_with("file", b"0123456789");
    let mut second = File::options()
        .read(true)
        .write(true)
        .open("file")
        .expect("file");
    first.seek(SeekFrom::Start(3)).expect("seek");
    second.seek(SeekFrom::Start(7)).expect("seek");
    checkpoint_here();
    first.seek(SeekFrom::Current(1)).expect("seek");
    same(
        "offset of the second",
        &7,
        &second.stream_position().expect("offset"),
    );
    same(
        "offset of the first",
        &4,
        &first.stream_position().expect("offset"),
    );
}
