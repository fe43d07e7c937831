// SPDX-License-Identifier: GPL-2.0

//! Fact: O_SYNC, O_DSYNC and O_DIRECT are kept.
//!
//! Could break: F_SETFL ignores O_SYNC, so these must be given when the file is opened again.

use std::os::fd::IntoRawFd;
use std::os::unix::fs::OpenOptionsExt;

use ckpt_support::{checkpoint_here, file_with, must, same};

fn flags(fd: i32) -> i32 {
    // SAFETY: takes no pointer.
    must("F_GETFL", unsafe { libc::fcntl(fd, libc::F_GETFL) })
}

pub fn run() {
    drop(file_with("file", b"content"));
    let fds: Vec<i32> = [libc::O_SYNC, libc::O_DSYNC, libc::O_DIRECT]
        .into_iter()
        .map(|flag| {
            let mut options = std::fs::File::options();
            options.write(true).custom_flags(flag);
            let fd = options.open("file").expect("file").into_raw_fd();
            same("flag after open", &flag, &(flags(fd) & flag));
            fd
        })
        .collect();
    let before: Vec<i32> = fds.iter().map(|&fd| flags(fd)).collect();
    checkpoint_here();
    same("flags", &before, &fds.iter().map(|&fd| flags(fd)).collect());
}
