// SPDX-License-Identifier: GPL-2.0

//! Fact: descriptors made by dup share one offset and one set of flags after a restart.
//!
//! Could break: a file that is opened once for each descriptor looks right until one of them moves.

use std::io::{Seek, SeekFrom, Write};
use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, file_with, must, same};

pub fn run() {
    let mut file = file_with("file", b"0123456789");
    let mut duplicate = file.try_clone().expect("dup");
    // SAFETY: takes no pointer.
    let far = must("dup2", unsafe { libc::dup2(file.as_raw_fd(), 200) });
    file.seek(SeekFrom::Start(3)).expect("seek");
    checkpoint_here();
    same(
        "offset of the duplicate",
        &3,
        &duplicate.stream_position().expect("offset"),
    );
    duplicate.seek(SeekFrom::Start(6)).expect("seek");
    same(
        "offset of the file",
        &6,
        &file.stream_position().expect("offset"),
    );
    file.write_all(b"x").expect("write");
    // SAFETY: takes no pointer.
    same("offset of fd 200", &7, &unsafe {
        libc::lseek(far, 0, libc::SEEK_CUR)
    });
    // SAFETY: takes no pointer.
    must("F_SETFL", unsafe {
        libc::fcntl(far, libc::F_SETFL, libc::O_APPEND)
    });
    // SAFETY: takes no pointer.
    let flags = unsafe { libc::fcntl(duplicate.as_raw_fd(), libc::F_GETFL) };
    same(
        "O_APPEND of the duplicate",
        &libc::O_APPEND,
        &(flags & libc::O_APPEND),
    );
}
