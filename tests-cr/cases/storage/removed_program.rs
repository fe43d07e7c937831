// SPDX-License-Identifier: GPL-2.0

//! Fact: a program whose file was removed while it runs comes back, and /proc/self/exe runs.
//!
//! Could break: the file behind the code, the one that may not be open for writing, has no name.

use std::os::unix::process::CommandExt;

use ckpt_support::{check, checkpoint_here, same};

const COPY: &str = "program-copy";

pub fn run() {
    let path = std::env::current_dir().expect("the directory").join(COPY);
    if !std::env::args().any(|argument| argument == COPY) {
        std::fs::copy("/proc/self/exe", &path).expect("copy");
        let name = std::env::args().nth(1).expect("the fact's name");
        let error = std::process::Command::new(&path).arg(name).arg(COPY).exec();
        panic!("exec: {error}");
    }
    std::fs::remove_file(&path).expect("unlink");
    let before = std::fs::read_link("/proc/self/exe").expect("exe");
    checkpoint_here();
    same(
        "exe",
        &before,
        &std::fs::read_link("/proc/self/exe").expect("exe"),
    );
    check(!path.exists(), "the removed program has a name again");
    let again = std::process::Command::new("/proc/self/exe")
        .arg("--list")
        .output();
    check(
        again.is_ok_and(|output| output.status.success()),
        "it does not run any more",
    );
}
