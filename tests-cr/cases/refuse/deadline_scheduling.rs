// SPDX-License-Identifier: GPL-2.0

//! Fact: the deadline scheduling policy is refused.
//!
//! Could break: its bandwidth must be admitted by the machine.

use ckpt_support::{checkpoint_here, expect_refusal, must, raw};

pub fn run() {
    // struct sched_attr: size, policy 6, flags, nice, priority, runtime, deadline, period.
    let attributes = [48u64 | 6 << 32, 0, 0, 1_000_000, 100_000_000, 100_000_000];
    must(
        "sched_setattr",
        raw(
            libc::SYS_sched_setattr,
            &[0, attributes.as_ptr() as usize, 0],
        ),
    );
    expect_refusal("TaskScheduling", "6");
    checkpoint_here();
}
