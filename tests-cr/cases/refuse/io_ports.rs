// SPDX-License-Identifier: GPL-2.0

//! Fact: access to I/O ports is refused.
//!
//! Could break: it is a bitmap of the task.

use ckpt_support::{checkpoint_here, expect_refusal, must};

pub fn run() {
    // SAFETY: port 0x80 is for debugging; nothing is written to it.
    must("ioperm", unsafe { libc::ioperm(0x80, 1, 1) });
    expect_refusal("TaskFeature", "port");
    checkpoint_here();
}
