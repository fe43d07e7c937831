// SPDX-License-Identifier: GPL-2.0

//! Fact: the same with a handler: timers that expire while the program is frozen wake it where it
//! stands; it goes back, and every signal is handled once when it goes on.
//!
//! Could break: a task that is awake for a moment is not at rest, and must not be looked at then.

use std::sync::atomic::{AtomicU8, Ordering};

use ckpt_support::{checkpoint_here, may_fire, must, same};

use super::timer::{wait_until, Timer, MILLISECOND, PATIENCE};

const TIMERS: usize = 400;
const STEP: i64 = 7 * MILLISECOND;

static HANDLED: [AtomicU8; TIMERS] = [const { AtomicU8::new(0) }; TIMERS];

extern "C" fn handle(_signal: i32, info: *mut libc::siginfo_t, _context: *mut libc::c_void) {
    // SAFETY: the kernel hands over a siginfo; of a timer's signal the value counts.
    let value = unsafe { (*info).si_value().sival_ptr as usize };
    if let Some(count) = HANDLED.get(value) {
        count.fetch_add(1, Ordering::Relaxed);
    }
}

pub fn run() {
    let signal = libc::SIGRTMIN() + 9;
    // SAFETY: the handler only counts.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handle as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_RESTART;
        must(
            "sigaction",
            libc::sigaction(signal, &action, std::ptr::null_mut()),
        );
    }
    for number in 0..TIMERS {
        let timer = Timer::with(libc::CLOCK_MONOTONIC, libc::SIGEV_SIGNAL, signal, number);
        timer.set((number as i64 + 1) * STEP, 0);
    }
    may_fire(signal);
    checkpoint_here();
    let all = || HANDLED.iter().all(|count| count.load(Ordering::Relaxed) != 0);
    wait_until(PATIENCE, all);
    let once = |number: &usize| HANDLED[*number].load(Ordering::Relaxed) == 1;
    let wrong: Vec<usize> = (0..TIMERS).filter(|number| !once(number)).collect();
    same("timers that were not handled once", &Vec::new(), &wrong);
}
