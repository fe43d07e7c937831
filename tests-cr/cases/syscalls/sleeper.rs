// SPDX-License-Identifier: GPL-2.0

//! Fact: a program that only sleeps, again and again, never sees its sleep fail or end early.
//!
//! Could break: the sleep is interrupted by freezing, and goes on by restart_syscall, whose
//! memory of what remains is the kernel's.

use std::time::Instant;

use ckpt_support::{check, errno, ready, same, GoFlag};

pub fn run() {
    let go = GoFlag::map();
    ready();
    while !go.is_set() {
        let (start, time) = (
            Instant::now(),
            libc::timespec {
                tv_sec: 0,
                tv_nsec: 50_000_000,
            },
        );
        // SAFETY: reads one timespec.
        let result = unsafe { libc::nanosleep(&time, std::ptr::null_mut()) };
        same(
            "nanosleep",
            &(0, 0),
            &(result, if result == 0 { 0 } else { errno() }),
        );
        let slept = start.elapsed();
        check(
            slept.as_millis() >= 50,
            &format!("50 ms of sleep took {slept:?}"),
        );
    }
}
