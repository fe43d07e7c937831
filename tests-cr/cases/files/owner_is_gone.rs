// SPDX-License-Identifier: GPL-2.0

//! Fact: a file whose owner has ended signals nobody after the restart, and keeps its signal.
//!
//! Could break: the number of the dead is free, and somebody else may have it.

use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, file_with, must, same};

const F_SETSIG: i32 = 10;
const F_GETSIG: i32 = 11;

pub fn run() {
    let file = file_with("file", b"");
    let fd = file.as_raw_fd();
    // SAFETY: single-threaded; the child ends at once. Nothing takes a pointer but waitpid.
    unsafe {
        let child = must("fork", libc::fork());
        if child == 0 {
            libc::_exit(0);
        }
        must("F_SETOWN", libc::fcntl(fd, libc::F_SETOWN, child));
        must("F_SETSIG", libc::fcntl(fd, F_SETSIG, libc::SIGUSR2));
        libc::waitpid(child, std::ptr::null_mut(), 0);
        checkpoint_here();
        same("F_GETOWN", &0, &libc::fcntl(fd, libc::F_GETOWN));
        let signal = libc::fcntl(fd, F_GETSIG);
        same("F_GETSIG", &libc::SIGUSR2, &signal);
    }
}
