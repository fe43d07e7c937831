// SPDX-License-Identifier: GPL-2.0

//! Fact: POSIX timers on every clock, set to a time or to a while from then, fire when they should,
//! with their value.
//!
//! Could break: monotonic clocks are moved by the time namespace, the wall clock is not; and a
//! while on CLOCK_REALTIME is one on CLOCK_MONOTONIC.

use ckpt_support::{check, checkpoint_here, may_fire, same};

use super::timer::{block, now, take, Timer, SECOND, PATIENCE};

/// Not in libc: the clocks that wake the machine.
const ALARMS: [i32; 2] = [8, 9];

struct Case {
    timer: Timer,
    clock: i32,
    end: i64,
    value: usize,
}

pub fn run() {
    let signal = libc::SIGRTMIN() + 1;
    let set = block(&[signal]);
    let mut cases = Vec::new();
    let clocks = [
        libc::CLOCK_REALTIME,
        libc::CLOCK_MONOTONIC,
        libc::CLOCK_BOOTTIME,
        libc::CLOCK_TAI,
        ALARMS[0],
        ALARMS[1],
    ];
    for (index, clock) in clocks.into_iter().enumerate() {
        for absolute in [false, true] {
            let value = 0x1234_5678_0000 + index * 2 + usize::from(absolute);
            let made = Timer::try_with(clock, libc::SIGEV_SIGNAL, signal, value);
            let Ok(timer) = made else {
                // No real-time clock that could wake the machine.
                same("error", &Err(libc::EOPNOTSUPP), &made);
                check(ALARMS.contains(&clock), "a clock without timers");
                continue;
            };
            // A while on CLOCK_REALTIME counts as on CLOCK_MONOTONIC.
            let relative_wall = clock == libc::CLOCK_REALTIME && !absolute;
            let clock = if relative_wall { libc::CLOCK_MONOTONIC } else { clock };
            let start = now(clock);
            let end = start + 3 * SECOND;
            if absolute {
                timer.set_at(end, 0);
            } else {
                timer.set(3 * SECOND, 0);
            }
            cases.push(Case { timer, clock, end, value });
        }
    }
    may_fire(signal);
    checkpoint_here();
    for _ in 0..cases.len() {
        let Some(taken) = take(&set, PATIENCE) else {
            check(false, "not all of them fire");
            return;
        };
        same("code", &libc::SI_TIMER, &taken.code);
        same("overrun", &0, &taken.overrun);
        let fired = cases.iter().position(|case| case.timer == taken.timer);
        let case = cases.remove(fired.expect("the id of a timer that has not fired yet"));
        same("value", &case.value, &taken.value);
        let late = now(case.clock) - case.end;
        check(late >= 0, &format!("clock {}: early by {} ns", case.clock, -late));
        same("off then", &(0, 0), &case.timer.get());
    }
    check(take(&set, SECOND / 10).is_none(), "one fires twice");
}
