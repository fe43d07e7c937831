// SPDX-License-Identifier: GPL-2.0

//! Fact: both ends of a pseudo terminal are refused.
//!
//! Could break: input, output and settings are in the kernel.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    // SAFETY: the path is a C string; the others take no pointer that is too short.
    let (master, slave) = unsafe {
        let flags = libc::O_RDWR | libc::O_NOCTTY;
        let master = must("open", libc::open(c"/dev/ptmx".as_ptr(), flags));
        must("unlockpt", libc::unlockpt(master));
        (
            master,
            must("TIOCGPTPEER", libc::ioctl(master, libc::TIOCGPTPEER, flags)),
        )
    };
    expect_refusal_of_fd("FileKind", master, "");
    expect_refusal_of_fd("FileKind", slave, "");
    checkpoint_here();
    // SAFETY: one byte out of one.
    must("write", unsafe {
        libc::write(slave, c"x".as_ptr().cast(), 1)
    });
}
