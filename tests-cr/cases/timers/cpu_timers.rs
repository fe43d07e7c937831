// SPDX-License-Identifier: GPL-2.0

//! Fact: timers on the CPU time of the process and of the thread, by all names of these clocks,
//! fire when that much has been used, before and after taken together.
//!
//! Could break: they compare with the accumulated CPU time; and a clock may have a pid in it.

use ckpt_support::{check, checkpoint_here, same};

use super::timer::{block, now, take, work_until, Timer, MILLISECOND, SECOND, TICKS};

pub fn run() {
    let signal = libc::SIGRTMIN() + 7;
    let set = block(&[signal]);
    // SAFETY: takes no pointer.
    let pid = unsafe { libc::getpid() };
    let clocks = [
        libc::CLOCK_PROCESS_CPUTIME_ID,
        libc::CLOCK_THREAD_CPUTIME_ID,
        // The process, and the thread, by number: user and system time; scheduled time.
        (!pid << 3) | 2,
        (!pid << 3) | 4 | 2,
    ];
    let timers = clocks.map(|clock| {
        let timer = Timer::new(clock, signal);
        timer.set_at(now(clock) + 600 * MILLISECOND, 0);
        timer
    });
    let periodic = Timer::new(libc::CLOCK_PROCESS_CPUTIME_ID, libc::SIGUSR1);
    periodic.set(1000 * SECOND, 3 * SECOND);
    let start = now(libc::CLOCK_PROCESS_CPUTIME_ID);
    work_until(now(TICKS) + 200 * MILLISECOND, || false);
    let left = timers.map(|timer| timer.get().0);
    checkpoint_here();
    for (before, timer) in left.into_iter().zip(timers) {
        let (left, _) = timer.get();
        let moved = before - left;
        check(
            (0..200 * MILLISECOND).contains(&moved),
            &format!("{timer:?} moved by {moved} ns"),
        );
    }
    same("interval", &(3 * SECOND), &periodic.get().1);
    let mut fired = 0;
    let end = now(libc::CLOCK_PROCESS_CPUTIME_ID) + 20 * SECOND;
    while fired < timers.len() && now(libc::CLOCK_PROCESS_CPUTIME_ID) < end {
        work_until(now(TICKS) + MILLISECOND, || false);
        while let Some(taken) = take(&set, 0) {
            let used = now(libc::CLOCK_PROCESS_CPUTIME_ID) - start;
            check(
                used >= 595 * MILLISECOND,
                &format!("{:?} fired after {used} ns", taken.timer),
            );
            fired += 1;
        }
    }
    same("fired", &timers.len(), &fired);
}
