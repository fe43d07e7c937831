// SPDX-License-Identifier: GPL-2.0

//! Fact: an io_uring instance is refused, by descriptor.
//!
//! Could break: requests in flight work for the program while it is frozen.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, may_also_refuse, must};

pub fn run() {
    let mut parameters = [0u32; 30];
    let call = [4, parameters.as_mut_ptr() as usize];
    let fd = must(
        "io_uring_setup",
        ckpt_support::raw(libc::SYS_io_uring_setup, &call),
    ) as i32;
    // The task itself may be marked as one that has used it.
    may_also_refuse("TaskFeature");
    expect_refusal_of_fd("FileKind", fd, "io_uring");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, libc::F_GETFD) });
}
