// SPDX-License-Identifier: GPL-2.0

//! Fact: a file that another one was mounted over is refused: its path leads elsewhere.
//!
//! Could break: the file is there, not removed, and has a name.

use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, file_with, must};

pub fn run() {
    let file = file_with("below", b"below");
    drop(file_with("above", b"above"));
    // SAFETY: the paths are C strings.
    must("mount", unsafe {
        let none = std::ptr::null();
        let (from, to) = (c"above".as_ptr(), c"below".as_ptr());
        libc::mount(from, to, none, libc::MS_BIND, none.cast())
    });
    expect_refusal_of_fd("FilePath", file.as_raw_fd(), "below");
    checkpoint_here();
    // SAFETY: the path is a C string.
    must("umount", unsafe { libc::umount(c"below".as_ptr()) });
}
