// SPDX-License-Identifier: GPL-2.0

//! Fact: of a file with two names, open by one, the other may be removed.
//!
//! Could break: a test for removed files that looks at the wrong count.

use std::io::Write;

use ckpt_support::{checkpoint_here, file_with, same};

pub fn run() {
    let mut file = file_with("kept", b"a");
    let _ = std::fs::remove_file("gone");
    std::fs::hard_link("kept", "gone").expect("link");
    std::fs::remove_file("gone").expect("unlink");
    checkpoint_here();
    file.write_all(b"b").expect("write");
    same(
        "kept",
        &"ab".to_string(),
        &std::fs::read_to_string("kept").expect("kept"),
    );
}
