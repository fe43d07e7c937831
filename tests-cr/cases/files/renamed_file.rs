// SPDX-License-Identifier: GPL-2.0

//! Fact: a file that was renamed while open is found under its new name.
//!
//! Could break: by its old name there may be another file.

use std::io::Write;

use ckpt_support::{checkpoint_here, file_with, same};

pub fn run() {
    let mut file = file_with("old", b"first ");
    std::fs::rename("old", "new").expect("rename");
    drop(file_with("old", b"another"));
    checkpoint_here();
    file.write_all(b"second").expect("write");
    same(
        "new",
        &"first second".to_string(),
        &std::fs::read_to_string("new").expect("new"),
    );
    same(
        "old",
        &"another".to_string(),
        &std::fs::read_to_string("old").expect("old"),
    );
}
