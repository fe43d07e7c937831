// SPDX-License-Identifier: GPL-2.0

//! Fact: a restarted program can fork and execute another one, and wait for it.
//!
//! Could break: execve tears down the restored address space, and whatever it was built with must
//! let go of it. The parent of the new program must be the restarted one.

use std::process::Command;

use ckpt_support::{check, checkpoint_here};

pub fn run() {
    checkpoint_here();
    let own = std::env::current_exe().expect("own path");
    let output = Command::new(own)
        .arg("--list")
        .output()
        .expect("the program runs");
    check(output.status.success(), "the program failed");
    let text = String::from_utf8_lossy(&output.stdout);
    check(
        text.contains("memory/exec_later"),
        "the program printed something else",
    );
}
