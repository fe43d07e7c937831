// SPDX-License-Identifier: GPL-2.0

//! Fact: timers that notify nobody (SIGEV_NONE) count on; only timer_gettime tells.
//!
//! Could break: the kernel never arms them, it only notes their time.

use ckpt_support::{check, checkpoint_here, same};

use super::timer::{check_left, now, Span, Timer, MILLISECOND, SECOND};

pub fn run() {
    let new = |clock| Timer::with(clock, libc::SIGEV_NONE, 0, 0);
    let (far, past, periodic, off, cpu) = (
        new(libc::CLOCK_MONOTONIC),
        new(libc::CLOCK_REALTIME),
        new(libc::CLOCK_BOOTTIME),
        new(libc::CLOCK_MONOTONIC),
        new(libc::CLOCK_PROCESS_CPUTIME_ID),
    );
    let end = Span::at(now(libc::CLOCK_MONOTONIC) + 1000 * SECOND);
    far.set_at(end.from, 0);
    past.set(MILLISECOND, 0);
    periodic.set(MILLISECOND, 7 * SECOND);
    let cpu_end = Span::at(now(libc::CLOCK_PROCESS_CPUTIME_ID) + 500 * SECOND);
    cpu.set_at(cpu_end.from, 0);
    std::thread::sleep(std::time::Duration::from_millis(20));
    checkpoint_here();
    check_left(end, libc::CLOCK_MONOTONIC, || far.get().0);
    same("expired", &(0, 0), &past.get());
    let (left, interval) = periodic.get();
    same("interval", &(7 * SECOND), &interval);
    check((1..=7 * SECOND).contains(&left), "the periodic one does not count");
    same("never set", &(0, 0), &off.get());
    check_left(cpu_end, libc::CLOCK_PROCESS_CPUTIME_ID, || cpu.get().0);
}
