// SPDX-License-Identifier: GPL-2.0

//! Fact: a removed file without any rights, open for writing only, comes back.
//!
//! Could break: its content cannot be read through the descriptor, nor could it be opened again.

use std::fs::File;
use std::io::Write;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use ckpt_support::{check, checkpoint_here, same};

pub fn run() {
    let mut file = File::create("write-only").expect("create");
    file.write_all(b"before").expect("write");
    file.set_permissions(std::fs::Permissions::from_mode(0o000))
        .expect("fchmod");
    std::fs::remove_file("write-only").expect("unlink");
    checkpoint_here();
    file.write_all(b" after").expect("write");
    let about = file.metadata().expect("fstat");
    same("size", &12, &about.size());
    same("mode", &0o100_000, &about.mode());
    let path = format!("/proc/self/fd/{}", file.as_raw_fd());
    let content = std::fs::read(path).expect("root reads everything");
    check(content == b"before after", "the content is another");
}
