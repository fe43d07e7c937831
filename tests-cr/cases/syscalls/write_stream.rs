// SPDX-License-Identifier: GPL-2.0

//! Fact: a program that writes as fast as it can loses and repeats nothing.
//!
//! Could break: the file's end, its offset and the program's own count must be of one moment.

use std::io::Write;

use ckpt_support::{check, file_with, ready, same, GoFlag};

/// Afterwards it starts again from the beginning, to save room.
const MOST: u64 = 200_000;

pub fn run() {
    let go = GoFlag::map();
    let mut file = file_with("stream", b"");
    let mut count = 0u64;
    ready();
    while !go.is_set() || count == 0 {
        if count == MOST {
            file = file_with("stream", b"");
            count = 0;
        }
        file.write_all(&count.to_le_bytes()).expect("write");
        count += 1;
    }
    let bytes = std::fs::read("stream").expect("stream");
    same("bytes", &(count as usize * 8), &bytes.len());
    let in_order = bytes
        .chunks(8)
        .enumerate()
        .all(|(index, chunk)| chunk == index.to_le_bytes());
    check(in_order, "a number is missing or there twice");
}
