// SPDX-License-Identifier: GPL-2.0

//! Fact: a sleep until a time of CLOCK_TAI, which no time namespace moves, ends then.
//!
//! Could break: it is made again with its arguments; counted as a clock that is moved it would end at
//! another time.

use ckpt_support::{check, errno, raw, ready, same, wait_for_go};

fn now() -> libc::timespec {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: writes one timespec.
    unsafe { libc::clock_gettime(libc::CLOCK_TAI, &mut time) };
    time
}

pub fn run() {
    let mut end = now();
    end.tv_sec += 3;
    ready();
    let call = [
        libc::CLOCK_TAI as usize,
        libc::TIMER_ABSTIME as usize,
        &raw const end as usize,
        0,
    ];
    let result = raw(libc::SYS_clock_nanosleep, &call);
    let error = if result < 0 { errno() } else { 0 };
    same("clock_nanosleep", &(0, 0), &(result, error));
    let late = now();
    check(
        (late.tv_sec, late.tv_nsec) >= (end.tv_sec, end.tv_nsec),
        "it ended too early",
    );
    wait_for_go();
}
