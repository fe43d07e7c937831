// SPDX-License-Identifier: GPL-2.0

//! Fact: system call user dispatch is refused.
//!
//! Could break: every system call goes by it.

use ckpt_support::{checkpoint_here, expect_refusal, must};

pub fn run() {
    const PR_SET_SYSCALL_USER_DISPATCH: i32 = 59;
    // Zero: let system calls through.
    let selector = Box::leak(Box::new(0u8));
    // SAFETY: the selector lives for ever.
    must("prctl", unsafe {
        libc::prctl(PR_SET_SYSCALL_USER_DISPATCH, 1, 0, 0, &raw const *selector)
    });
    expect_refusal("TaskFeature", "dispatch");
    checkpoint_here();
}
