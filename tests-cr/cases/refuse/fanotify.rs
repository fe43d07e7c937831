// SPDX-License-Identifier: GPL-2.0

//! Fact: a fanotify group that tells of mounts is refused, by descriptor.
//!
//! Could break: mounts have other numbers after a restart.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

const FAN_REPORT_MNT: u32 = 0x4000;

pub fn run() {
    // SAFETY: takes no pointer.
    let fd = must("fanotify_init", unsafe {
        libc::fanotify_init(libc::FAN_CLASS_NOTIF | FAN_REPORT_MNT, libc::O_RDONLY as u32)
    });
    expect_refusal_of_fd("FanotifyKind", fd, "FAN_REPORT_MNT");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, libc::F_GETFD) });
}
