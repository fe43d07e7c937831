// SPDX-License-Identifier: GPL-2.0

//! Fact: a sleep that was interrupted by a checkpoint goes on with what remained of it.
//!
//! Could break: the deadline is on the host's clock, and after a reboot that clock is another one.

use std::time::Instant;

use ckpt_support::{check, errno, ready_inside, same, wait_for_go};

pub fn run() {
    let start = Instant::now();
    ready_inside(libc::SYS_clock_nanosleep);
    let time = libc::timespec {
        tv_sec: 3,
        tv_nsec: 0,
    };
    // SAFETY: reads one timespec.
    let result = unsafe { libc::nanosleep(&time, std::ptr::null_mut()) };
    same(
        "nanosleep",
        &(0, 0),
        &(result, if result == 0 { 0 } else { errno() }),
    );
    let passed = start.elapsed().as_millis();
    check(
        (3000..8000).contains(&passed),
        &format!("3000 ms took {passed}"),
    );
    wait_for_go();
}
