// SPDX-License-Identifier: GPL-2.0

//! Fact: a named pipe is refused.
//!
//! Could break: it has a path, but its content is in the kernel only.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    let _ = std::fs::remove_file("fifo");
    // SAFETY: the paths are C strings.
    let fd = unsafe {
        must("mkfifo", libc::mkfifo(c"fifo".as_ptr(), 0o600));
        must("open", libc::open(c"fifo".as_ptr(), libc::O_RDWR))
    };
    expect_refusal_of_fd("FileKind", fd, "fifo");
    checkpoint_here();
    // SAFETY: one byte out of one.
    must("write", unsafe { libc::write(fd, c"x".as_ptr().cast(), 1) });
}
