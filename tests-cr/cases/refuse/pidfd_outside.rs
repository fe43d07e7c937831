// SPDX-License-Identifier: GPL-2.0

//! Fact: a pidfd of a task outside is refused, with the name of that task.
//!
//! Could break: it comes back as one of somebody else.

use ckpt_support::pidfds::{open, send};
use ckpt_support::{checkpoint_here, expect_refusal_of_fd, outsider, same};

pub fn run() {
    let pid = outsider(&[]);
    let fd = open(pid, 0);
    expect_refusal_of_fd("PidfdOutside", fd, "other-end");
    checkpoint_here();
    same("it is there", &0, &send(fd, libc::SIGKILL));
}
