// SPDX-License-Identifier: GPL-2.0

//! Fact: a performance counter is refused, by descriptor.
//!
//! Could break: it counts in the kernel.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, may_also_refuse, must};

pub fn run() {
    // struct perf_event_attr, first version: software, 64 bytes, CPU clock.
    let attributes = [1u32, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let (any_cpu, no_group) = (-1isize as usize, -1isize as usize);
    let call = [attributes.as_ptr() as usize, 0, any_cpu, no_group, 0];
    let fd = must(
        "perf_event_open",
        ckpt_support::raw(libc::SYS_perf_event_open, &call),
    ) as i32;
    // Events hang on the task as well.
    may_also_refuse("TaskFeature");
    expect_refusal_of_fd("FileKind", fd, "perf");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, libc::F_GETFD) });
}
