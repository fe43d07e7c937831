// SPDX-License-Identifier: GPL-2.0

//! Fact: a process that job control has stopped is refused.
//!
//! Could break: it counts as frozen without being in a state that can be saved.

use ckpt_support::{expect_refusal, ready_stopped, wait_for_go};

pub fn run() {
    expect_refusal("TaskStopped", "stopped");
    ready_stopped();
    // SAFETY: takes no pointer.
    unsafe { libc::raise(libc::SIGSTOP) };
    wait_for_go();
}
