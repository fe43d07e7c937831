// SPDX-License-Identifier: GPL-2.0

//! Fact: timers on the CPU time of the process and of the thread, by all names of these clocks,
//! fire when that much has been used, before and after taken together.
//!
//! Could break: they compare with the accumulated CPU time; and a clock may have a pid in it.

use ckpt_support::{check, checkpoint_here, same};

use super::timer::{
    block, check_left, now, take, work_until, Span, Timer, MILLISECOND, SECOND, TICKS,
};

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
        let end = now(clock) + SECOND;
        timer.set_at(end, 0);
        (timer, clock, end)
    });
    let periodic = Timer::new(libc::CLOCK_PROCESS_CPUTIME_ID, libc::SIGUSR1);
    periodic.set(1000 * SECOND, 3 * SECOND);
    work_until(now(TICKS) + 200 * MILLISECOND, || false);
    checkpoint_here();
    for (timer, clock, end) in timers {
        check_left(Span::at(end), clock, || timer.get().0);
    }
    same("interval", &(3 * SECOND), &periodic.get().1);
    let mut fired = 0;
    let patience = now(libc::CLOCK_PROCESS_CPUTIME_ID) + 60 * SECOND;
    while fired < timers.len() && now(libc::CLOCK_PROCESS_CPUTIME_ID) < patience {
        work_until(now(TICKS) + MILLISECOND, || false);
        while let Some(taken) = take(&set, 0) {
            let which = timers.iter().find(|(timer, ..)| *timer == taken.timer);
            let (_, clock, end) = which.expect("one of them");
            let early = end - now(*clock);
            check(early <= 0, &format!("clock {clock}: early by {early} ns"));
            fired += 1;
        }
    }
    same("fired", &timers.len(), &fired);
}
