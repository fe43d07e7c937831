// SPDX-License-Identifier: GPL-2.0

//! Fact: the flags that F_GETFL shows are as they were, whether given at open or set later.
//!
//! Could break: flags that only count at open (O_CREAT, O_EXCL, O_TRUNC) must not be used again, or
//! the file would be emptied.

use std::os::fd::{AsRawFd, IntoRawFd};
use std::os::unix::fs::OpenOptionsExt;

use ckpt_support::{checkpoint_here, file_with, must, same};

fn flags(fd: i32) -> i32 {
    // SAFETY: takes no pointer.
    must("F_GETFL", unsafe { libc::fcntl(fd, libc::F_GETFL) })
}

fn open(name: &str, extra: i32) -> i32 {
    let mut options = std::fs::File::options();
    options.read(true).write(true).custom_flags(extra);
    options
        .open(name)
        .unwrap_or_else(|error| panic!("{extra:#o}: {error}"))
        .into_raw_fd()
}

pub fn run() {
    drop(file_with("file", b"content"));
    let fds = [
        open("file", libc::O_NONBLOCK),
        open("file", libc::O_NOATIME),
        open("file", libc::O_NOFOLLOW),
        open("file", libc::O_LARGEFILE),
        open("file", libc::O_NOCTTY),
        open("new", libc::O_CREAT | libc::O_EXCL),
        open("emptied", libc::O_CREAT | libc::O_TRUNC),
    ];
    std::fs::write("emptied", b"written later").expect("write");
    let set_later = file_with("later", b"");
    // SAFETY: takes no pointer.
    must("F_SETFL", unsafe {
        libc::fcntl(
            set_later.as_raw_fd(),
            libc::F_SETFL,
            libc::O_NONBLOCK | libc::O_NOATIME,
        )
    });
    let all = || {
        let mut all: Vec<i32> = fds.iter().map(|&fd| flags(fd)).collect();
        all.push(flags(set_later.as_raw_fd()));
        all
    };
    let before = all();
    checkpoint_here();
    same("flags", &before, &all());
    same(
        "file",
        &b"content".to_vec(),
        &std::fs::read("file").expect("file"),
    );
    same(
        "file",
        &b"written later".to_vec(),
        &std::fs::read("emptied").expect("file"),
    );
}
