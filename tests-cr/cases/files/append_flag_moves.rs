// SPDX-License-Identifier: GPL-2.0

//! Fact: a restored file's O_APPEND can be switched off and on again (F_SETFL).
//!
//! Could break: what F_SETFL accepts depends on how the file was opened.

use std::io::{Seek, SeekFrom, Write};
use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, file_with, must, same};

pub fn run() {
    let mut file = file_with("file", b"xxxx");
    let set = |fd: i32, flags: i32| {
        // SAFETY: takes no pointer.
        must("F_SETFL", unsafe { libc::fcntl(fd, libc::F_SETFL, flags) })
    };
    set(file.as_raw_fd(), libc::O_APPEND);
    checkpoint_here();
    set(file.as_raw_fd(), 0);
    file.seek(SeekFrom::Start(1)).expect("seek");
    file.write_all(b"y").expect("write");
    set(file.as_raw_fd(), libc::O_APPEND);
    file.write_all(b"z").expect("write");
    same(
        "file",
        &"xyxxz".to_string(),
        &std::fs::read_to_string("file").expect("file"),
    );
}
