// SPDX-License-Identifier: GPL-2.0

//! Fact: close-on-exec is kept for each descriptor apart, also where two share one open file.
//!
//! Could break: it belongs to the descriptor, not to the file.

use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, file_with, must, same};

fn closes(fd: i32) -> bool {
    // SAFETY: takes no pointer.
    must("F_GETFD", unsafe { libc::fcntl(fd, libc::F_GETFD) }) & libc::FD_CLOEXEC != 0
}

pub fn run() {
    let file = file_with("file", b"");
    // SAFETY: takes no pointer.
    let kept = must("dup", unsafe { libc::dup(file.as_raw_fd()) });
    same("of the file", &true, &closes(file.as_raw_fd()));
    same("of its duplicate", &false, &closes(kept));
    checkpoint_here();
    same("of the file", &true, &closes(file.as_raw_fd()));
    same("of its duplicate", &false, &closes(kept));
}
