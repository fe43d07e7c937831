// SPDX-License-Identifier: GPL-2.0

//! Fact: a file that was open for reading only, or for writing only, allows no more than that.
//!
//! Could break: a restart runs with all rights and might open everything for both.

use std::fs::File;
use std::io::{Read, Write};

use ckpt_support::{check, checkpoint_here, file_with};

pub fn run() {
    drop(file_with("file", b"content"));
    let mut reader = File::open("file").expect("file");
    let mut writer = File::options().write(true).open("file").expect("file");
    let mut both = File::options()
        .read(true)
        .write(true)
        .open("file")
        .expect("file");
    checkpoint_here();
    let mut byte = [0u8];
    check(reader.read(&mut byte).is_ok(), "the reader cannot read");
    check(reader.write(&byte).is_err(), "the reader can write");
    check(writer.read(&mut byte).is_err(), "the writer can read");
    check(writer.write(&byte).is_ok(), "the writer cannot write");
    check(both.read(&mut byte).is_ok(), "the third cannot read");
    check(both.write(&byte).is_ok(), "the third cannot write");
}
