// SPDX-License-Identifier: GPL-2.0

//! Fact: a sleep on a clock that could wake the machine goes on with what remained of it.
//!
//! Could break: what the kernel remembers is the kind of alarm, not the clock; and the two clocks are
//! not moved alike.

use ckpt_support::waits::{in_time, seconds};
use ckpt_support::{errno, not_run, over, raw, ready_inside_for_a_while, same, wait_for_go};

fn now(clock: i32) -> i64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: writes one timespec.
    unsafe { libc::clock_gettime(clock, &mut time) };
    time.tv_sec * 1000 + time.tv_nsec / 1_000_000
}

fn sleep(clock: i32, seconds: i64) -> i64 {
    let time = libc::timespec {
        tv_sec: seconds,
        tv_nsec: 0,
    };
    let call = [clock as usize, 0, &raw const time as usize, 0];
    raw(libc::SYS_clock_nanosleep, &call)
}

pub fn run() {
    let clock = libc::CLOCK_BOOTTIME_ALARM;
    if sleep(clock, 0) < 0 && errno() == libc::EOPNOTSUPP {
        not_run("the machine has no clock that could wake it");
    }
    let start = now(libc::CLOCK_BOOTTIME);
    ready_inside_for_a_while(libc::SYS_clock_nanosleep);
    let result = sleep(clock, seconds());
    let error = if result < 0 { errno() } else { 0 };
    let passed = now(libc::CLOCK_BOOTTIME) - start;
    over();
    same("clock_nanosleep", &(0, 0), &(result, error));
    in_time("clock_nanosleep", passed);
    wait_for_go();
}
