// SPDX-License-Identifier: GPL-2.0

//! Fact: holes of a removed file stay holes, and it may be larger than any disk.
//!
//! Could break: reading a terabyte, or writing zeros.

use std::os::unix::fs::{FileExt, MetadataExt};

use ckpt_support::{check, checkpoint_here, file_with, same, stretches};

const SIZE: u64 = 1 << 40;

pub fn run() {
    let file = file_with("sparse", b"start");
    file.set_len(SIZE).expect("ftruncate");
    for at in [1 << 20, 1 << 32, SIZE - 5] {
        file.write_all_at(b"piece", at).expect("write");
    }
    std::fs::remove_file("sparse").expect("unlink");
    let before = stretches(&file);
    let blocks = file.metadata().expect("fstat").blocks();
    checkpoint_here();
    same("the data", &before, &stretches(&file));
    let about = file.metadata().expect("fstat");
    same("size", &SIZE, &about.size());
    check(about.blocks() <= blocks + 64, "holes have become data");
    for at in [1 << 20, 1 << 32, SIZE - 5] {
        let mut piece = [0; 5];
        file.read_exact_at(&mut piece, at).expect("read");
        check(&piece == b"piece", "a piece is gone");
    }
}
