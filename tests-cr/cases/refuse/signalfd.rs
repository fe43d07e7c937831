// SPDX-License-Identifier: GPL-2.0

//! Fact: a signalfd is refused, by descriptor.
//!
//! Could break: its mask is in the kernel only.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    // SAFETY: the set is initialised by sigemptyset.
    let fd = must("signalfd", unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&mut set);
        libc::signalfd(-1, &set, 0)
    });
    expect_refusal_of_fd("FileKind", fd, "signalfd");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, libc::F_GETFD) });
}
