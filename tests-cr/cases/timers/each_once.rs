// SPDX-License-Identifier: GPL-2.0

//! Fact: of many timers that expire before, while and after a checkpoint is made, each sends its
//! signal exactly once.
//!
//! Could break: timers fire while the container is frozen and looked at; an expiry that is saved
//! with the timer and in the queue comes twice, one in neither is lost.

use ckpt_support::{check, checkpoint_here, may_fire, same};

use super::timer::{block, take, Timer, MILLISECOND, SECOND, PATIENCE};

const TIMERS: i64 = 400;
const STEP: i64 = 7 * MILLISECOND;

pub fn run() {
    let signal = libc::SIGRTMIN() + 8;
    let set = block(&[signal]);
    let timers: Vec<Timer> = (1..=TIMERS)
        .map(|number| {
            let event = (libc::SIGEV_SIGNAL, signal, number as usize);
            let timer = Timer::with(libc::CLOCK_MONOTONIC, event.0, event.1, event.2);
            timer.set(number * STEP, 0);
            timer
        })
        .collect();
    may_fire(signal);
    checkpoint_here();
    let mut times = vec![0; timers.len() + 1];
    for _ in &timers {
        let Some(taken) = take(&set, PATIENCE) else {
            break;
        };
        times[taken.value] += 1;
        same("its id", &timers[taken.value - 1], &taken.timer);
    }
    check(take(&set, SECOND / 10).is_none(), "one fires twice");
    let wrong: Vec<usize> = (1..times.len()).filter(|value| times[*value] != 1).collect();
    same("timers that did not fire once", &Vec::new(), &wrong);
}
