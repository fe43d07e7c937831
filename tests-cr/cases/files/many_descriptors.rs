// SPDX-License-Identifier: GPL-2.0

//! Fact: hundreds of open files come back, each with its offset.
//!
//! Could break: tables grow in steps, and anything quadratic shows here.

use std::fs::File;
use std::io::{Seek, SeekFrom};

use ckpt_support::{checkpoint_here, file_with, same};

pub fn run() {
    drop(file_with("file", b"content"));
    let mut files: Vec<File> = (0..400u64)
        .map(|index| {
            let mut file = File::open("file").expect("open");
            file.seek(SeekFrom::Start(index * 3)).expect("seek");
            file
        })
        .collect();
    checkpoint_here();
    for (index, file) in files.iter_mut().enumerate() {
        same(
            "offset",
            &(index as u64 * 3),
            &file.stream_position().expect("offset"),
        );
    }
}
