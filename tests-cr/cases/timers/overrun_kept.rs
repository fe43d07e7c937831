// SPDX-License-Identifier: GPL-2.0

//! Fact: timer_getoverrun tells the overruns of the signal that was taken last, until the next.
//!
//! Could break: that number is nowhere but in the kernel.

use ckpt_support::{check, checkpoint_here, same};

use super::timer::{block, take, Timer, MILLISECOND, PATIENCE};

pub fn run() {
    let signal = libc::SIGRTMIN() + 2;
    let set = block(&[signal]);
    let timer = Timer::new(libc::CLOCK_MONOTONIC, signal);
    timer.set(MILLISECOND, MILLISECOND);
    std::thread::sleep(std::time::Duration::from_millis(40));
    let taken = take(&set, PATIENCE).expect("its signal");
    check(taken.overrun > 5, "no overruns to tell of");
    checkpoint_here();
    same("overrun", &i64::from(taken.overrun), &timer.overrun());
    timer.set(0, 0);
    same("overrun when set anew", &0, &timer.overrun());
}
