// SPDX-License-Identifier: GPL-2.0

//! Fact: a task for which rdtsc faults is refused.
//!
//! Could break: it is a flag of the task that changes a control register.

use ckpt_support::{checkpoint_here, expect_refusal, must};

pub fn run() {
    // SAFETY: takes no pointer.
    must("time_stamp_counter_off", unsafe {
        libc::prctl(libc::PR_SET_TSC, libc::PR_TSC_SIGSEGV, 0, 0, 0)
    });
    expect_refusal("TaskFeature", "rdtsc");
    checkpoint_here();
}
