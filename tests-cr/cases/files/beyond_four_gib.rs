// SPDX-License-Identifier: GPL-2.0

//! Fact: an offset beyond 4 GiB, in a sparse file, comes back.
//!
//! Could break: somewhere a 32-bit number.

use std::io::{Read, Seek, SeekFrom, Write};

use ckpt_support::{checkpoint_here, file_with, same};

const FAR: u64 = (1 << 32) + 12_345;

pub fn run() {
    let mut file = file_with("sparse", b"start");
    file.seek(SeekFrom::Start(FAR)).expect("seek");
    file.write_all(b"far away").expect("write");
    file.seek(SeekFrom::Start(FAR + 4)).expect("seek");
    checkpoint_here();
    same(
        "offset",
        &(FAR + 4),
        &file.stream_position().expect("offset"),
    );
    let mut rest = String::new();
    file.read_to_string(&mut rest).expect("read");
    same("content", &"away", &rest.as_str());
    std::fs::remove_file("sparse").expect("unlink");
}
