// SPDX-License-Identifier: GPL-2.0

//! Fact: a fanotify group is refused, by descriptor.
//!
//! Could break: its marks and queued events are in the kernel only.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    // SAFETY: takes no pointer.
    let fd = must("fanotify_init", unsafe {
        libc::fanotify_init(libc::FAN_CLASS_NOTIF, libc::O_RDONLY as u32)
    });
    expect_refusal_of_fd("FileKind", fd, "fanotify");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, libc::F_GETFD) });
}
