// SPDX-License-Identifier: GPL-2.0

//! Fact: file names with any byte but `/` and zero are found again.
//!
//! Could break: /proc escapes some, d_path adds " (deleted)" to removed ones, and text handling
//! trips over bytes that are no UTF-8.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;

use ckpt_support::{checkpoint_here, same};

pub fn run() {
    let names: [&[u8]; 8] = [
        b"two words",
        b"new\nline",
        b"tab\there",
        b"back\\slash\\012",
        b"\xff\xfe no UTF-8 \x80",
        b"looks (deleted)",
        b"-o",
        &[b'n'; 255],
    ];
    let mut files: Vec<File> = names
        .iter()
        .map(|name| {
            File::create(OsStr::from_bytes(name))
                .expect("create")
                .write_all(name)
                .expect("write");
            File::open(OsStr::from_bytes(name)).expect("open")
        })
        .collect();
    checkpoint_here();
    for (name, file) in names.iter().zip(&mut files) {
        let mut content = Vec::new();
        file.read_to_end(&mut content).expect("read");
        same("content", &name.to_vec(), &content);
    }
}
