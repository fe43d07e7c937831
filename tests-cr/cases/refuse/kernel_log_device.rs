// SPDX-License-Identifier: GPL-2.0

//! Fact: a device that holds state, such as /dev/kmsg, is refused, by descriptor.
//!
//! Could break: its position is in the driver.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    // SAFETY: the path is a C string.
    let fd = must("open", unsafe {
        libc::open(c"/dev/kmsg".as_ptr(), libc::O_RDONLY)
    });
    expect_refusal_of_fd("FileKind", fd, "kmsg");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, libc::F_GETFD) });
}
