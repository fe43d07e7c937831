// SPDX-License-Identifier: GPL-2.0

//! Fact: the working directory and files in it are found after the directory was renamed.
//!
//! Could break: paths are those of the moment of the checkpoint, not of the open.

use std::io::Write;

use ckpt_support::{check, checkpoint_here, file_with, same};

pub fn run() {
    let _ = std::fs::remove_dir_all("moved");
    std::fs::create_dir_all("dir").expect("mkdir");
    std::env::set_current_dir("dir").expect("chdir");
    let mut file = file_with("file", b"1");
    std::fs::rename("../dir", "../moved").expect("rename");
    checkpoint_here();
    file.write_all(b"2").expect("write");
    same(
        "file",
        &"12".to_string(),
        &std::fs::read_to_string("file").expect("file"),
    );
    let here = std::env::current_dir().expect("getcwd");
    check(
        here.ends_with("moved"),
        &format!("the working directory is {}", here.display()),
    );
}
