// SPDX-License-Identifier: GPL-2.0

//! Fact: a time namespace that was made for future children is refused.
//!
//! Could break: the task itself is not in it yet.

use ckpt_support::{checkpoint_here, expect_refusal, must};

pub fn run() {
    // SAFETY: takes no pointer.
    must("unshare", unsafe { libc::unshare(libc::CLONE_NEWTIME) });
    expect_refusal("TaskNamespace", "time");
    checkpoint_here();
}
