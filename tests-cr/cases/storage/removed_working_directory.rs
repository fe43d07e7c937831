// SPDX-License-Identifier: GPL-2.0

//! Fact: a working directory that was removed is still the working directory, and still removed;
//! a new one with its name is left alone.
//!
//! Could break: its path leads nowhere, or to another directory.

use ckpt_support::{check, checkpoint_here, same};

pub fn run() {
    let home = std::env::current_dir().expect("the directory");
    let _ = std::fs::remove_dir_all("here");
    std::fs::create_dir("here").expect("mkdir");
    std::env::set_current_dir("here").expect("chdir");
    std::fs::remove_dir(home.join("here")).expect("rmdir");
    let link = || std::fs::read_link("/proc/self/cwd").expect("cwd");
    let before = link();
    checkpoint_here();
    same("its link", &before, &link());
    check(std::env::current_dir().is_err(), "it has a path again");
    check(std::fs::File::create("file").is_err(), "it takes files");
    check(!home.join("here").exists(), "it is there again");
    std::env::set_current_dir("..").expect("the way up");
    same("the directory above", &home, &std::env::current_dir().expect("its path"));
}
