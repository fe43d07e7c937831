// SPDX-License-Identifier: GPL-2.0

//! Fact: a POSIX message queue of another IPC namespace than the one that the program is in is refused.
//!
//! Could break: it would come back in a namespace that it was not in.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

use crate::queues::{attributes, close, make, name, unlink};

pub fn run() {
    let name = name("elsewhere");
    let queue = make(&name, libc::O_RDWR, 2, 10);
    unlink(&name);
    // SAFETY: takes no pointer.
    must("unshare", unsafe { libc::unshare(libc::CLONE_NEWIPC) });
    expect_refusal_of_fd("QueueElsewhere", queue, "namespace");
    checkpoint_here();
    attributes(queue);
    close(queue);
}
