// SPDX-License-Identifier: GPL-2.0

//! Fact: a POSIX timer is refused.
//!
//! Could break: its time and overruns are in the kernel only.

use ckpt_support::{checkpoint_here, expect_refusal, must};

pub fn run() {
    let mut timer: libc::timer_t = std::ptr::null_mut();
    // SAFETY: writes the timer's id; without an event it sends SIGALRM.
    must("timer_create", unsafe {
        libc::timer_create(libc::CLOCK_MONOTONIC, std::ptr::null_mut(), &mut timer)
    });
    expect_refusal("TaskFeature", "timer");
    checkpoint_here();
}
