// SPDX-License-Identifier: GPL-2.0

//! Fact: periodic timers whose signals are ignored stand by, and go on when a handler is set.
//!
//! Could break: the kernel keeps them on a list of their own, without a queued signal.

use std::sync::atomic::{AtomicI64, Ordering};

use ckpt_support::{check, checkpoint_here, same};

use super::timer::{handle, set_action, wait_until, Timer, MILLISECOND, PATIENCE};

static FIRED: AtomicI64 = AtomicI64::new(0);

extern "C" fn fired(_signal: i32) {
    FIRED.fetch_add(1, Ordering::Relaxed);
}

pub fn run() {
    let signals = [libc::SIGUSR2, libc::SIGRTMIN() + 5];
    let timers = signals.map(|signal| {
        set_action(signal, libc::SIG_IGN);
        let timer = Timer::new(libc::CLOCK_MONOTONIC, signal);
        timer.set(MILLISECOND, 5 * MILLISECOND);
        timer
    });
    std::thread::sleep(std::time::Duration::from_millis(30));
    checkpoint_here();
    same("fired", &0, &FIRED.load(Ordering::Relaxed));
    for (signal, timer) in signals.into_iter().zip(timers) {
        same("interval", &(5 * MILLISECOND), &timer.get().1);
        let so_far = FIRED.load(Ordering::Relaxed);
        handle(signal, fired);
        let goes_on = || FIRED.load(Ordering::Relaxed) > so_far + 3;
        check(wait_until(PATIENCE, goes_on), "it does not go on");
        timer.delete();
    }
}
