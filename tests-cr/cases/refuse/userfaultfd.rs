// SPDX-License-Identifier: GPL-2.0

//! Fact: a userfaultfd is refused, by descriptor.
//!
//! Could break: page faults of the program wait in it.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    let flags = libc::O_CLOEXEC as usize;
    let fd = must(
        "userfaultfd",
        ckpt_support::raw(libc::SYS_userfaultfd, &[flags]),
    ) as i32;
    expect_refusal_of_fd("FileKind", fd, "userfaultfd");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, libc::F_GETFD) });
}
