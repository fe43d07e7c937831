// SPDX-License-Identifier: GPL-2.0

//! Fact: an inotify instance is refused, by descriptor.
//!
//! Could break: its watches and queued events are in the kernel only.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    // SAFETY: takes no pointer.
    let fd = must("inotify_init1", unsafe { libc::inotify_init1(0) });
    expect_refusal_of_fd("FileKind", fd, "inotify");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, libc::F_GETFD) });
}
