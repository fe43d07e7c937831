// SPDX-License-Identifier: GPL-2.0

//! Fact: an open file of /proc is refused, by descriptor.
//!
//! Could break: its path leads to another process after a restart, or to none.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    // SAFETY: the path is a C string.
    let fd = must("open", unsafe {
        libc::open(c"/proc/self/status".as_ptr(), libc::O_RDONLY)
    });
    expect_refusal_of_fd("FileKind|FilePath|FileUnreachable", fd, "status");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, libc::F_GETFD) });
}
