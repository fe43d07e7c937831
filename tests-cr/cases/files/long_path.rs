// SPDX-License-Identifier: GPL-2.0

//! Fact: a file almost as deep as a path can be long is found again.
//!
//! Could break: buffers for paths are one page, and the path from the root is longer than what the
//! program ever typed.

use std::io::Write;

use ckpt_support::{checkpoint_here, file_with, same};

const LONGEST: usize = 4095;

pub fn run() {
    let start = std::env::current_dir().expect("getcwd");
    let mut length = start.as_os_str().len();
    while length + 201 < LONGEST - 5 {
        let name = "d".repeat(200);
        std::fs::create_dir_all(&name).expect("mkdir");
        std::env::set_current_dir(&name).expect("chdir");
        length += 201;
    }
    let mut file = file_with("file", b"deep ");
    checkpoint_here();
    file.write_all(b"down").expect("write");
    same(
        "file",
        &"deep down".to_string(),
        &std::fs::read_to_string("file").expect("file"),
    );
}
