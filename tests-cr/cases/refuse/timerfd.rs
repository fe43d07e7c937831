// SPDX-License-Identifier: GPL-2.0

//! Fact: a timerfd is refused, by descriptor.
//!
//! Could break: its time and its expirations are in the kernel only.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    // SAFETY: takes no pointer.
    let fd = must("timerfd", unsafe {
        libc::timerfd_create(libc::CLOCK_MONOTONIC, 0)
    });
    expect_refusal_of_fd("FileKind", fd, "timerfd");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, libc::F_GETFD) });
}
