// SPDX-License-Identifier: GPL-2.0

//! Fact: a program that counts in a file goes on with the next number.
//!
//! Could break: a write that is done twice, or never, where the checkpoint interrupted it.

use std::io::Write;
use std::time::Duration;

use ckpt_support::{check, file_with, ready, same, GoFlag};

pub fn run() {
    let go = GoFlag::map();
    let mut file = file_with("numbers", b"");
    let mut count = 0;
    ready();
    while !go.is_set() {
        writeln!(file, "{count}").expect("write");
        count += 1;
        std::thread::sleep(Duration::from_millis(2));
    }
    let text = std::fs::read_to_string("numbers").expect("numbers");
    same("lines", &count, &text.lines().count());
    let in_order = text
        .lines()
        .enumerate()
        .all(|(index, line)| line == index.to_string());
    check(in_order, "a number is missing or there twice");
}
