// SPDX-License-Identifier: GPL-2.0

//! Fact: a file on a file system that was unmounted (lazily) is refused.
//!
//! Could break: its path cannot be reached from any root.

use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, file_with, must};

pub fn run() {
    std::fs::create_dir_all("mnt").expect("mkdir");
    // SAFETY: the names are C strings.
    must("mount", unsafe {
        let (kind, to) = (c"tmpfs".as_ptr(), c"mnt".as_ptr());
        libc::mount(kind, to, kind, 0, std::ptr::null())
    });
    let file = file_with("mnt/file", b"content");
    // SAFETY: the path is a C string.
    must("umount2", unsafe {
        libc::umount2(c"mnt".as_ptr(), libc::MNT_DETACH)
    });
    expect_refusal_of_fd("FileUnreachable", file.as_raw_fd(), "");
    checkpoint_here();
}
