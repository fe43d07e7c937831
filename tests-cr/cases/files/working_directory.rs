// SPDX-License-Identifier: GPL-2.0

//! Fact: the working directory is the same, as seen by getcwd and by relative paths.
//!
//! Could break: it is found again by path, while the restarter stands somewhere else.

use ckpt_support::{check, checkpoint_here, same};

pub fn run() {
    std::fs::create_dir_all("one/two").expect("mkdir");
    std::fs::write("one/two/here", b"").expect("write");
    std::env::set_current_dir("one/two").expect("chdir");
    let before = std::env::current_dir().expect("getcwd");
    checkpoint_here();
    same("getcwd", &before, &std::env::current_dir().expect("getcwd"));
    check(
        std::path::Path::new("here").exists(),
        "a relative path leads elsewhere",
    );
    check(
        std::path::Path::new("../../one").exists(),
        "the parent is another one",
    );
}
