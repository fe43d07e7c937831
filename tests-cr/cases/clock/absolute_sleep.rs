// SPDX-License-Identifier: GPL-2.0

//! Fact: a sleep until an absolute time on CLOCK_MONOTONIC ends at that time of the container's
//! clock.
//!
//! Could break: the kernel compares with the host's clock, so the deadline must be moved by the
//! time namespace's offset, which is another one after a restart.

use ckpt_support::waits::{seconds, MUCH_LATER};
use ckpt_support::{check, must, over, ready_inside_for_a_while, same};

fn now() -> i64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: writes one timespec.
    must("clock_gettime", unsafe {
        libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut time)
    });
    time.tv_sec * 1000 + time.tv_nsec / 1_000_000
}

pub fn run() {
    let deadline = now() + seconds() * 1000;
    let time = libc::timespec {
        tv_sec: deadline / 1000,
        tv_nsec: deadline % 1000 * 1_000_000,
    };
    ready_inside_for_a_while(libc::SYS_clock_nanosleep);
    // SAFETY: reads one timespec.
    let result = unsafe {
        let flags = libc::TIMER_ABSTIME;
        libc::clock_nanosleep(libc::CLOCK_MONOTONIC, flags, &time, std::ptr::null_mut())
    };
    let late = now() - deadline;
    over();
    same("result", &0, &result);
    check(
        (0..MUCH_LATER).contains(&late),
        &format!("woke up {late} ms after the deadline"),
    );
    ckpt_support::wait_for_go();
}
