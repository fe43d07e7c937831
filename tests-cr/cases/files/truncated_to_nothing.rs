// SPDX-License-Identifier: GPL-2.0

//! Fact: an empty file, open at an offset far behind its end, comes back so, and stays empty until
//! something is written.
//!
//! Could break: an offset that is checked against the size, or a size that is made to fit.

use std::io::{Read, Seek, SeekFrom, Write};

use ckpt_support::{checkpoint_here, file_with, same};

pub fn run() {
    let mut file = file_with("file", b"content");
    file.seek(SeekFrom::Start(100)).expect("seek");
    file.set_len(0).expect("truncate");
    checkpoint_here();
    same("size", &0, &file.metadata().expect("stat").len());
    let mut byte = [0u8];
    same("bytes read", &0, &file.read(&mut byte).expect("read"));
    file.write_all(b"x").expect("write");
    same("size", &101, &file.metadata().expect("stat").len());
}
