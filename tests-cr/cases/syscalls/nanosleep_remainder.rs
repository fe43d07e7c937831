// SPDX-License-Identifier: GPL-2.0

//! Fact: a sleep that a signal ends, after a restart, says how much of it remained.
//!
//! Could break: where to write that is part of what the kernel remembers about the call.

use std::time::Instant;

use ckpt_support::waits::MUCH_LATER;
use ckpt_support::{check, errno, must, ready_inside_until_signal, same, wait_for_go};

extern "C" fn nothing(_: i32) {}

pub fn run() {
    // SAFETY: the handler does nothing.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = nothing as extern "C" fn(i32) as usize;
        must(
            "sigaction",
            libc::sigaction(libc::SIGUSR1, &action, std::ptr::null_mut()),
        );
    }
    let time = libc::timespec {
        tv_sec: 1000,
        tv_nsec: 0,
    };
    let mut remains = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    ready_inside_until_signal(libc::SYS_clock_nanosleep, libc::SIGUSR1);
    let start = Instant::now();
    // SAFETY: reads and writes one timespec.
    let result = unsafe { libc::nanosleep(&time, &mut remains) };
    let slept = start.elapsed().as_millis() as i64;
    same("nanosleep", &(-1, libc::EINTR), &(result, errno()));
    let sum = slept + remains.tv_sec * 1000 + remains.tv_nsec / 1_000_000;
    check(
        (1_000_000 - 2..1_000_000 + MUCH_LATER).contains(&sum),
        &format!("slept and remaining make {sum} ms"),
    );
    wait_for_go();
}
