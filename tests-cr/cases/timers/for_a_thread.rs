// SPDX-License-Identifier: GPL-2.0

//! Fact: a timer that notifies one thread (SIGEV_THREAD_ID) does so again, with its value; what
//! waits in the thread's own queue is there.
//!
//! Could break: the kernel keeps the thread by its pid, which the restart has made anew.

use ckpt_support::{check, checkpoint_here, proc_self, same};

use super::timer::{block, is_pending, take, wait_until, Timer, MILLISECOND, SECOND, PATIENCE};

/// The thread's own pending signals.
fn own_pending() -> String {
    let status = String::from_utf8_lossy(&proc_self("status")).into_owned();
    let line = status.lines().find(|line| line.starts_with("SigPnd"));
    line.unwrap_or_default().to_string()
}

pub fn run() {
    let signal = libc::SIGRTMIN() + 6;
    let set = block(&[signal]);
    let new = |value| Timer::with(libc::CLOCK_MONOTONIC, libc::SIGEV_THREAD_ID, signal, value);
    let (waits, later) = (new(5), new(6));
    waits.set(MILLISECOND, 0);
    check(wait_until(PATIENCE, || is_pending(signal)), "it does not fire");
    later.set(3 * SECOND, 0);
    let (pending, timers) = (own_pending(), proc_self("timers"));
    checkpoint_here();
    same("pending", &pending, &own_pending());
    same("timers", &timers, &proc_self("timers"));
    for (timer, value) in [(waits, 5), (later, 6)] {
        let taken = take(&set, PATIENCE).expect("a signal");
        same("signal", &(timer, value), &(taken.timer, taken.value));
    }
}
