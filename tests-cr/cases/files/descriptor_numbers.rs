// SPDX-License-Identifier: GPL-2.0

//! Fact: gaps between descriptor numbers stay, and the next open takes the lowest free one.
//!
//! Could break: a table that was filled in order, or whose marks of free numbers are stale.

use std::fs::File;
use std::os::fd::{AsRawFd, RawFd};

use ckpt_support::{checkpoint_here, file_with, must, same};

fn is_open(fd: RawFd) -> bool {
    // SAFETY: takes no pointer.
    unsafe { libc::fcntl(fd, libc::F_GETFD) >= 0 }
}

pub fn run() {
    let file = file_with("file", b"");
    for number in [5, 9, 63, 64, 65, 300] {
        // SAFETY: takes no pointer; these numbers are free.
        must("dup2", unsafe { libc::dup2(file.as_raw_fd(), number) });
    }
    drop(file);
    let open_ones = || (0..400).filter(|&fd| is_open(fd)).collect::<Vec<RawFd>>();
    let before = open_ones();
    checkpoint_here();
    same("open descriptors", &before, &open_ones());
    let mut opened = Vec::new();
    for _ in 0..4 {
        opened.push(File::open("/dev/null").expect("null"));
    }
    let numbers: Vec<RawFd> = opened.iter().map(AsRawFd::as_raw_fd).collect();
    same("next numbers", &vec![3, 4, 6, 7], &numbers);
}
