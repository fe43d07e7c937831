// SPDX-License-Identifier: GPL-2.0

//! Fact: an interval timer (setitimer) is refused.
//!
//! Could break: what remains of it is in the kernel only.

use ckpt_support::{checkpoint_here, expect_refusal, must, raw};

pub fn run() {
    // Thousand seconds, once.
    let value = [0i64, 0, 1000, 0];
    let call = [libc::ITIMER_REAL as usize, value.as_ptr() as usize, 0];
    must("setitimer", raw(libc::SYS_setitimer, &call));
    expect_refusal("TaskFeature", "timer");
    checkpoint_here();
}
