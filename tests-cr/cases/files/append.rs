// SPDX-License-Identifier: GPL-2.0

//! Fact: O_APPEND is kept: every write goes to the end, wherever that is then.
//!
//! Could break: a file that is found again by its path and offset would be overwritten.

use std::fs::File;
use std::io::Write;

use ckpt_support::{checkpoint_here, file_with, same};

pub fn run() {
    drop(file_with("log", b"a"));
    let mut log = File::options().append(true).open("log").expect("log");
    log.write_all(b"b").expect("write");
    checkpoint_here();
    File::options()
        .append(true)
        .open("log")
        .expect("log")
        .write_all(b"c")
        .expect("write");
    log.write_all(b"d").expect("write");
    same(
        "log",
        &"abcd".to_string(),
        &std::fs::read_to_string("log").expect("log"),
    );
}
