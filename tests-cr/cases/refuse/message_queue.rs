// SPDX-License-Identifier: GPL-2.0

//! Fact: a POSIX message queue is refused, by descriptor.
//!
//! Could break: its messages are in the kernel only.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    // SAFETY: the name is a C string; the attributes may be missing.
    let fd = must("mq_open", unsafe {
        let flags = libc::O_CREAT | libc::O_RDWR;
        libc::mq_open(
            c"/ckpt".as_ptr(),
            flags,
            0o600,
            std::ptr::null_mut::<libc::mq_attr>(),
        )
    });
    expect_refusal_of_fd("FileKind", fd, "queue");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, libc::F_GETFD) });
}
