// SPDX-License-Identifier: GPL-2.0

//! Fact: real, effective, saved and file system user and group ids come back, each its own.
//!
//! Could break: setting one of them by its system call changes others.

use std::os::unix::fs::MetadataExt;

use ckpt_support::{checkpoint_here, must, same};

fn ids(which: &str) -> String {
    let status = String::from_utf8(ckpt_support::proc_self("status")).expect("text");
    status
        .lines()
        .find(|line| line.starts_with(which))
        .unwrap_or_default()
        .to_string()
}

pub fn run() {
    // SAFETY: take no pointer.
    unsafe {
        must("setresgid", libc::setresgid(101, 102, 103));
        libc::setfsgid(104);
        must("setresuid", libc::setresuid(201, 0, 203));
        libc::setfsuid(204);
    }
    let all = || [ids("Uid:"), ids("Gid:")];
    same(
        "ids",
        &[
            "Uid:\t201\t0\t203\t204".into(),
            "Gid:\t101\t102\t103\t104".into(),
        ],
        &all(),
    );
    let before = all();
    checkpoint_here();
    same("ids", &before, &all());
    let _ = std::fs::remove_file("owned");
    std::fs::write("owned", b"").expect("write");
    let data = std::fs::metadata("owned").expect("stat");
    same(
        "owner of a new file",
        &(204, 104),
        &(data.uid(), data.gid()),
    );
}
