// SPDX-License-Identifier: GPL-2.0

//! Fact: a file that never had a name (O_TMPFILE) is refused.
//!
//! Could break: it is removed from the beginning.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    // SAFETY: the path is a C string.
    let fd = must("open", unsafe {
        libc::open(c".".as_ptr(), libc::O_TMPFILE | libc::O_RDWR, 0o600)
    });
    expect_refusal_of_fd("FileRemoved", fd, "");
    checkpoint_here();
    // SAFETY: one byte out of one.
    must("write", unsafe { libc::write(fd, c"x".as_ptr().cast(), 1) });
}
