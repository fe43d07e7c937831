// SPDX-License-Identifier: GPL-2.0

//! Fact: a pidfd is refused, by descriptor.
//!
//! Could break: it stands for a process, not for a file.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    // SAFETY: takes no pointer.
    let own = unsafe { libc::getpid() } as usize;
    let fd = must(
        "pidfd_open",
        ckpt_support::raw(libc::SYS_pidfd_open, &[own, 0]),
    ) as i32;
    expect_refusal_of_fd("FileKind", fd, "pidfd");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, libc::F_GETFD) });
}
