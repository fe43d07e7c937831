// SPDX-License-Identifier: GPL-2.0

//! Fact: a periodic interval timer goes on, in step with its beginning.
//!
//! Could break: it is set again when its signal is taken, from the time when it fired.

use std::sync::atomic::{AtomicI64, Ordering};

use ckpt_support::{check, checkpoint_here, may_fire, same};

use super::timer::{get_interval, handle, now, set_interval, wait_until, MILLISECOND, SECOND};

const INTERVAL: i64 = 50 * MILLISECOND;

static FIRED: AtomicI64 = AtomicI64::new(0);

extern "C" fn fired(_signal: i32) {
    FIRED.fetch_add(1, Ordering::Relaxed);
}

/// How far the next expiry is from where it was to be, at most half an interval.
fn out_of_step(first: i64) -> i64 {
    let (left, _) = get_interval(libc::ITIMER_REAL);
    let next = now(libc::CLOCK_MONOTONIC) + left;
    (next - first + INTERVAL / 2).rem_euclid(INTERVAL) - INTERVAL / 2
}

pub fn run() {
    handle(libc::SIGALRM, fired);
    let before = now(libc::CLOCK_MONOTONIC);
    set_interval(libc::ITIMER_REAL, INTERVAL, INTERVAL);
    let width = now(libc::CLOCK_MONOTONIC) - before;
    may_fire(libc::SIGALRM);
    checkpoint_here();
    let so_far = FIRED.load(Ordering::Relaxed);
    let goes_on = || FIRED.load(Ordering::Relaxed) >= so_far + 5;
    check(wait_until(20 * SECOND, goes_on), "it does not fire again");
    same("interval", &INTERVAL, &get_interval(libc::ITIMER_REAL).1);
    let steps = (0..20).map(|_| out_of_step(before + INTERVAL));
    let best = steps.min_by_key(|step| step.abs()).unwrap_or(0);
    check(
        best.abs() <= width + 2 * MILLISECOND,
        &format!("it is {best} ns out of step"),
    );
}
