// SPDX-License-Identifier: GPL-2.0

//! Fact: a sleep on the CPU time of the process, which nothing but a signal can end when there is
//! one thread only, is gone on with, and says what is left.
//!
//! Could break: its deadline is on a clock that begins at zero for a new task.

use ckpt_support::{check, ready_inside_until_signal, same};

use super::timer::{handle, now, SECOND};

extern "C" fn nothing(_signal: i32) {}

pub fn run() {
    handle(libc::SIGUSR1, nothing);
    let before = now(libc::CLOCK_PROCESS_CPUTIME_ID);
    let time = libc::timespec {
        tv_sec: 100,
        tv_nsec: 0,
    };
    let mut rest = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    ready_inside_until_signal(libc::SYS_clock_nanosleep, libc::SIGUSR1);
    // SAFETY: reads one timespec and writes the other.
    let result = unsafe {
        libc::clock_nanosleep(libc::CLOCK_PROCESS_CPUTIME_ID, 0, &time, &mut rest)
    };
    same("result", &libc::EINTR, &result);
    let used = now(libc::CLOCK_PROCESS_CPUTIME_ID) - before;
    let rest = rest.tv_sec * SECOND + rest.tv_nsec;
    check(
        (100 * SECOND - used..=100 * SECOND).contains(&rest),
        &format!("{rest} ns are left after {used} ns"),
    );
}
