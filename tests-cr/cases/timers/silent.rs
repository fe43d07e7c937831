// SPDX-License-Identifier: GPL-2.0

//! Fact: timers that notify nobody (SIGEV_NONE) count on; only timer_gettime tells.
//!
//! Could break: the kernel never arms them, it only notes their time.

use ckpt_support::{check, checkpoint_here, same};

use super::timer::{check_left, now, Timer, MILLISECOND, SECOND};

pub fn run() {
    let new = |clock| Timer::with(clock, libc::SIGEV_NONE, 0, 0);
    let (far, past, periodic, off, cpu) = (
        new(libc::CLOCK_MONOTONIC),
        new(libc::CLOCK_REALTIME),
        new(libc::CLOCK_BOOTTIME),
        new(libc::CLOCK_MONOTONIC),
        new(libc::CLOCK_PROCESS_CPUTIME_ID),
    );
    let end = now(libc::CLOCK_MONOTONIC) + 1000 * SECOND;
    far.set_at(end, 0);
    past.set(MILLISECOND, 0);
    periodic.set(MILLISECOND, 7 * SECOND);
    cpu.set(500 * SECOND, 0);
    std::thread::sleep(std::time::Duration::from_millis(20));
    checkpoint_here();
    check_left(end, || far.get().0);
    same("expired", &(0, 0), &past.get());
    let (left, interval) = periodic.get();
    same("interval", &(7 * SECOND), &interval);
    check((1..=7 * SECOND).contains(&left), "the periodic one does not count");
    same("never set", &(0, 0), &off.get());
    let (left, _) = cpu.get();
    check(
        (490 * SECOND..=500 * SECOND).contains(&left),
        &format!("{left} ns of CPU time are left"),
    );
}
