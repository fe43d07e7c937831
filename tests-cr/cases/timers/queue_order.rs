// SPDX-License-Identifier: GPL-2.0

//! Fact: signals of timers stand in the queue where they stood among others of the same number.
//!
//! Could break: they are not sent again but put back, and other signals are sent.

use ckpt_support::{check, checkpoint_here, must, same};

use super::timer::{block, take, wait_until, Timer, MILLISECOND, PATIENCE};

pub fn run() {
    let signal = libc::SIGRTMIN() + 4;
    let set = block(&[signal]);
    let send = |value: usize| {
        let value = libc::sigval {
            sival_ptr: value as *mut libc::c_void,
        };
        // SAFETY: to this process, which takes it synchronously.
        must("sigqueue", unsafe {
            libc::sigqueue(libc::getpid(), signal, value)
        });
    };
    let fire = |clock: i32, value: usize| {
        let timer = Timer::with(clock, libc::SIGEV_SIGNAL, signal, value);
        timer.set(MILLISECOND, 0);
        let is_off = || timer.get() == (0, 0);
        check(wait_until(PATIENCE, is_off), "it does not fire");
    };
    send(1);
    fire(libc::CLOCK_MONOTONIC, 2);
    send(3);
    fire(libc::CLOCK_REALTIME, 4);
    fire(libc::CLOCK_BOOTTIME, 5);
    send(6);
    checkpoint_here();
    let order: Vec<(i32, usize)> = std::iter::from_fn(|| take(&set, 0))
        .map(|taken| (taken.code, taken.value))
        .collect();
    let (queue, timer) = (libc::SI_QUEUE, libc::SI_TIMER);
    let expected = [(queue, 1), (timer, 2), (queue, 3), (timer, 4), (timer, 5), (queue, 6)];
    same("order", &expected.to_vec(), &order);
}
