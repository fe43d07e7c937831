// SPDX-License-Identifier: GPL-2.0

//! Fact: what cannot be saved, and does not belong to the outside, is refused also as standard input
//! or error: a userfaultfd, secret memory.
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
    be(must("memfd_secret", raw(libc::SYS_memfd_secret, &[0])) as i32, 2);
    expect_refusal_of_fd("FileKind", 0, "userfaultfd");
    expect_refusal_of_fd("FileKind|FileRemoved", 2, "secret");
    checkpoint_here();
}
