// SPDX-License-Identifier: GPL-2.0

//! Fact: an open directory comes back and serves as a starting point (openat, fchdir).
//!
//! Could break: directories are opened with other flags than files.

use std::fs::File;
use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, must, same};

pub fn run() {
    std::fs::create_dir_all("dir").expect("mkdir");
    std::fs::write("dir/inside", b"found").expect("write");
    let directory = File::open("dir").expect("dir");
    checkpoint_here();
    // SAFETY: the path is a C string.
    must("faccessat", unsafe {
        libc::faccessat(directory.as_raw_fd(), c"inside".as_ptr(), libc::F_OK, 0)
    });
    // SAFETY: takes no pointer.
    must("fchdir", unsafe { libc::fchdir(directory.as_raw_fd()) });
    same(
        "content",
        &b"found".to_vec(),
        &std::fs::read("inside").expect("inside"),
    );
}
