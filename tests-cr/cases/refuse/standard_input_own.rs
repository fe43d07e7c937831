// SPDX-License-Identifier: GPL-2.0

//! Fact: what cannot be saved, and does not belong to the outside, is refused also as standard input
//! or error: a userfaultfd, a POSIX message queue.
//!
//! Could break: the restarter cannot hand in what the container has made for itself.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must, raw};

/// Makes it this descriptor alone.
fn be(fd: i32, number: i32) {
    // SAFETY: take no pointer.
    unsafe {
        must("dup2", libc::dup2(fd, number));
        must("close", libc::close(fd));
    }
}

pub fn run() {
    be(must("userfaultfd", raw(libc::SYS_userfaultfd, &[0])) as i32, 0);
    let flags = libc::O_CREAT | libc::O_RDWR;
    let none = std::ptr::null_mut::<libc::mq_attr>();
    // SAFETY: a C string; without attributes it has the usual ones.
    let queue = must("mq_open", unsafe {
        libc::mq_open(c"/own".as_ptr(), flags, 0o600, none)
    });
    be(queue, 2);
    expect_refusal_of_fd("FileKind", 0, "userfaultfd");
    expect_refusal_of_fd("FileKind", 2, "queue");
    checkpoint_here();
}
