// SPDX-License-Identifier: GPL-2.0

//! Fact: a timer on the CPU time of a process outside is refused, with its id.
//!
//! Could break: it looks like any other CPU-time timer, but hangs on the other process.

use ckpt_support::{checkpoint_here, expect_refusal, must, raw};

pub fn run() {
    // SAFETY: takes no pointer.
    let parent = unsafe { libc::getppid() };
    // User and system time of that process, as clock_getcpuclockid(3) would say.
    let clock = (!parent << 3) | 2;
    let mut id = 0i32;
    let call = [clock as usize, 0, (&raw mut id) as usize];
    must("timer_create", raw(libc::SYS_timer_create, &call));
    expect_refusal("TaskTimer", "outside");
    checkpoint_here();
}
