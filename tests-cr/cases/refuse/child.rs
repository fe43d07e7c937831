// SPDX-License-Identifier: GPL-2.0

//! Fact: a second process in the cgroup is refused.
//!
//! Could break: only one would come back.

use ckpt_support::{checkpoint_here, expect_refusal, must};

/// A child that sleeps until it is killed.
fn child() -> i32 {
    // SAFETY: single-threaded; the child only sleeps.
    let child = must("fork", unsafe { libc::fork() });
    if child == 0 {
        loop {
            // SAFETY: takes no pointer.
            unsafe { libc::pause() };
        }
    }
    child
}

pub fn run() {
    let child = child();
    expect_refusal("TaskMany", "2");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(child, libc::SIGKILL) });
}
