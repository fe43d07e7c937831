// SPDX-License-Identifier: GPL-2.0

//! Fact: a process that lets one outside trace it (PR_SET_PTRACER) is refused, and names that one.
//!
//! Could break: the right to attach would be lost, or somebody else's.

use ckpt_support::{checkpoint_here, expect_refusal, must, outsider};

pub fn run() {
    let pid = outsider(&[]);
    // SAFETY: takes no pointer.
    must("PR_SET_PTRACER", unsafe {
        libc::prctl(libc::PR_SET_PTRACER, pid as usize)
    });
    expect_refusal("TaskTracer", &pid.to_string());
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(pid, libc::SIGKILL) });
}
