// SPDX-License-Identifier: GPL-2.0

//! Fact: a sleep that job control has stopped comes back stopped, and goes on when it is continued.
//!
//! Could break: the task is not where frozen tasks sleep; it has not even got there.

use std::time::Instant;

use ckpt_support::waits::{seconds, span};
use ckpt_support::{check, errno, over, ready_stopped_inside, same, wait_for_go};

pub fn run() {
    let start = Instant::now();
    ready_stopped_inside(libc::SYS_clock_nanosleep);
    let time = span();
    // SAFETY: reads one timespec.
    let result = unsafe { libc::nanosleep(&time, std::ptr::null_mut()) };
    let error = if result < 0 { errno() } else { 0 };
    over();
    same("nanosleep", &(0, 0), &(result, error));
    let passed = start.elapsed().as_millis() as i64;
    check(passed >= seconds() * 1000, &format!("the sleep took {passed} ms"));
    wait_for_go();
}
