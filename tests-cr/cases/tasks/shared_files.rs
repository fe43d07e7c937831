// SPDX-License-Identifier: GPL-2.0

//! Fact: an open file that relatives have inherited is one open file: its offset is theirs together.
//!
//! Could break: each has opened it for itself.

use std::fs::File;
use std::io::{Read, Seek, Write};

use ckpt_support::{checkpoint_here, same};

use super::relatives::{checked_child, end_of, FINE};

pub fn run() {
    std::fs::write("text", b"0123456789").expect("a file");
    let mut file = File::open("text").expect("a file");
    let mut own = File::create("log").expect("a file");
    own.write_all(b"first").expect("write");
    let reader = checked_child(|| {
        let mut four = [0; 4];
        (&file).read_exact(&mut four).is_ok() && four == *b"0123"
    });
    let writer = checked_child(|| (&own).write_all(b" second").is_ok());
    checkpoint_here();
    same("the reader", &FINE, &end_of(reader));
    same("the writer", &FINE, &end_of(writer));
    same("the offset", &4, &file.stream_position().expect("a position"));
    own.write_all(b" third").expect("write");
    let text = std::fs::read_to_string("log").expect("the log");
    same("one after the other", &"first second third".to_owned(), &text);
}
