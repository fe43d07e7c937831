// SPDX-License-Identifier: GPL-2.0

//! Fact: a sleep that job control has stopped comes back stopped, and goes on when it is continued.
//!
//! Could break: the task is not where frozen tasks sleep; it has not even got there.

use std::time::Instant;

use ckpt_support::{check, errno, ready_stopped_inside, same, wait_for_go};

pub fn run() {
    let start = Instant::now();
    ready_stopped_inside(libc::SYS_clock_nanosleep);
    let time = libc::timespec {
        tv_sec: 2,
        tv_nsec: 0,
    };
    // SAFETY: reads one timespec.
    let result = unsafe { libc::nanosleep(&time, std::ptr::null_mut()) };
    let error = if result < 0 { errno() } else { 0 };
    same("nanosleep", &(0, 0), &(result, error));
    let passed = start.elapsed().as_millis();
    check(passed >= 2000, &format!("2000 ms took {passed}"));
    wait_for_go();
}
