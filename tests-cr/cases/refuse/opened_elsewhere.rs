// SPDX-License-Identifier: GPL-2.0

//! Fact: a file that was opened in another user namespace is refused, by descriptor.
//!
//! Could break: what its opener may do means nothing outside of that namespace.

use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, file_with, must, raw};

pub fn run() {
    let file = file_with("opened_elsewhere", b"x");
    let number = file.as_raw_fd();
    let flags = libc::CLONE_FILES | libc::SIGCHLD;
    let child = must("clone", raw(libc::SYS_clone, &[flags as usize])) as i32;
    if child == 0 {
        // In place of the parent's.
        // SAFETY: the path is a C string; the child ends here.
        unsafe {
            must("unshare", libc::unshare(libc::CLONE_NEWUSER));
            let path = c"opened_elsewhere".as_ptr();
            let fd = must("open", libc::open(path, libc::O_RDONLY));
            must("dup2", libc::dup2(fd, number));
            libc::close(fd);
            libc::_exit(0);
        }
    }
    let mut status = 0;
    // SAFETY: writes one status.
    must("waitpid", unsafe { libc::waitpid(child, &mut status, 0) });
    assert_eq!(status, 0, "the child has failed");
    expect_refusal_of_fd("FileOpener", number, "namespace");
    checkpoint_here();
    drop(file);
}
