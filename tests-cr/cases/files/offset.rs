// SPDX-License-Identifier: GPL-2.0

//! Fact: reading and writing go on where they were, on a file each.
//!
//! Could break: the offset is no part of the file but of the open.

use std::io::{Read, Seek, Write};

use ckpt_support::{checkpoint_here, file_with, same};

pub fn run() {
    drop(file_with("input", b"0123456789"));
    let mut input = std::fs::File::open("input").expect("input");
    let mut output = file_with("output", b"one ");
    let mut first = [0u8; 4];
    input.read_exact(&mut first).expect("read");
    checkpoint_here();
    same("offset", &4, &input.stream_position().expect("offset"));
    let mut rest = String::new();
    input.read_to_string(&mut rest).expect("read");
    same("rest of the input", &"456789", &rest.as_str());
    output.write_all(b"two").expect("write");
    same(
        "output",
        &"one two".to_string(),
        &std::fs::read_to_string("output").expect("output"),
    );
}
