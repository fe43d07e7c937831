// SPDX-License-Identifier: GPL-2.0

//! Fact: while its signal is blocked, a periodic timer counts what it would have sent; the count
//! comes with the signal, exact, and the timer goes on in step.
//!
//! Could break: the timer is off until its signal is taken; then it is set again from its last
//! expiry, which must be on the same clock still.

use ckpt_support::{check, checkpoint_here, same};

use super::timer::{
    block, check_step, is_pending, now, take, wait_until, Span, Timer, MILLISECOND, PATIENCE,
};

const INTERVAL: i64 = 10 * MILLISECOND;

pub fn run() {
    let signal = libc::SIGRTMIN() + 2;
    let set = block(&[signal]);
    let timer = Timer::with(libc::CLOCK_MONOTONIC, libc::SIGEV_SIGNAL, signal, 42);
    let first = now(libc::CLOCK_MONOTONIC) + 5 * MILLISECOND;
    timer.set_at(first, INTERVAL);
    check(wait_until(PATIENCE, || is_pending(signal)), "it does not fire");
    std::thread::sleep(std::time::Duration::from_millis(60));
    checkpoint_here();
    same("overrun, so far", &0, &timer.overrun());
    let before = now(libc::CLOCK_MONOTONIC);
    let taken = take(&set, 0).expect("its signal is queued");
    let after = now(libc::CLOCK_MONOTONIC);
    same("signal", &(signal, 42), &(taken.signal, taken.value));
    same("its timer", &timer, &taken.timer);
    let missed = (before - first) / INTERVAL..=(after - first) / INTERVAL;
    check(
        missed.contains(&taken.overrun.into()),
        &format!("{} overruns, not {missed:?}", taken.overrun),
    );
    same("timer_getoverrun", &i64::from(taken.overrun), &timer.overrun());
    let (left, interval) = timer.get();
    same("interval", &INTERVAL, &interval);
    check(left <= INTERVAL, &format!("{left} ns are left"));
    check(take(&set, PATIENCE).is_some(), "it does not go on");
    check_step(Span::at(first), INTERVAL, || timer.get().0);
}
