// SPDX-License-Identifier: GPL-2.0

//! Fact: a file that was opened through a symbolic link is the file itself, even if the link leads
//! elsewhere now.
//!
//! Could break: the path that was given to open is not the path of the file.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::symlink;

use ckpt_support::{checkpoint_here, file_with, same};

pub fn run() {
    drop(file_with("real", b"real"));
    drop(file_with("other", b"other"));
    let _ = std::fs::remove_file("link");
    symlink("real", "link").expect("symlink");
    let mut file = File::open("link").expect("link");
    std::fs::remove_file("link").expect("unlink");
    symlink("other", "link").expect("symlink");
    checkpoint_here();
    let mut content = String::new();
    file.read_to_string(&mut content).expect("read");
    same("content", &"real", &content.as_str());
}
