// SPDX-License-Identifier: GPL-2.0

//! Fact: a POSIX message queue that a task outside has open too is refused, by that task: also if the
//! other has opened it by itself.
//!
//! Could break: the other would go on with messages that the restarted container has too.


use ckpt_support::{checkpoint_here, expect_refusal, must, outsider};

use crate::queues::{close, make, name, open, unlink};

pub fn run() {
    let name = name("outside");
    let queue = make(&name, libc::O_RDWR, 2, 10);
    // Another open file of it, which only the outsider has.
    let other = open(&name, libc::O_RDONLY);
    let pid = outsider(&[other]);
    close(other);
    unlink(&name);
    expect_refusal("QueueOutside", &pid.to_string());
    checkpoint_here();
    close(queue);
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(pid, libc::SIGKILL) });
}
