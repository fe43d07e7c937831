// SPDX-License-Identifier: GPL-2.0

//! Fact: clamps of the CPU's utilisation are refused.
//!
//! Could break: they are part of how the task is scheduled.

use ckpt_support::{checkpoint_here, expect_refusal, must, raw};

pub fn run() {
    // struct sched_attr with the flags for "keep all" and "minimum", which is 100 of 1024.
    let keep_all_and_minimum = 0x08 | 0x10 | 0x20;
    let attributes = [56u64, keep_all_and_minimum, 0, 0, 0, 0, 100];
    must(
        "sched_setattr",
        raw(
            libc::SYS_sched_setattr,
            &[0, attributes.as_ptr() as usize, 0],
        ),
    );
    expect_refusal("TaskFeature|TaskScheduling", "clamp");
    checkpoint_here();
}
