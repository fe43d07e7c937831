// SPDX-License-Identifier: GPL-2.0

//! Fact: a file opened with O_PATH comes back as such: it names the file and cannot be read.
//!
//! Could break: it is opened with almost no flags allowed, and has no file operations.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;

use ckpt_support::{check, checkpoint_here, errno, file_with, must, same};

pub fn run() {
    drop(file_with("file", b"content"));
    let path = File::options()
        .read(true)
        .custom_flags(libc::O_PATH)
        .open("file")
        .expect("file");
    checkpoint_here();
    // SAFETY: takes no pointer.
    let flags = must("F_GETFL", unsafe {
        libc::fcntl(path.as_raw_fd(), libc::F_GETFL)
    });
    check(flags & libc::O_PATH != 0, "O_PATH is gone");
    let mut byte = 0u8;
    // SAFETY: one byte into one byte.
    let result = unsafe { libc::read(path.as_raw_fd(), (&raw mut byte).cast(), 1) };
    same("read", &(-1, libc::EBADF), &(result, errno()));
    let again = format!("/proc/self/fd/{}", path.as_raw_fd());
    same(
        "content",
        &b"content".to_vec(),
        &std::fs::read(again).expect("file"),
    );
}
