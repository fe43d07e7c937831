// SPDX-License-Identifier: GPL-2.0

//! Fact: an interval timer that counts down goes on from what was left: it fires once, not early,
//! and soon after its time; another keeps its distance.
//!
//! Could break: the time is kept in an hrtimer of the host's clock, which has gone on meanwhile.

use std::sync::atomic::{AtomicI64, Ordering};

use ckpt_support::{check, checkpoint_here, may_fire, same};

use super::timer::{
    check_left, end_on, get_interval, handle, now, set_interval, wait_until, PATIENCE, SECOND,
};

static FIRED_AT: AtomicI64 = AtomicI64::new(0);
static FIRED: AtomicI64 = AtomicI64::new(0);

extern "C" fn fired(_signal: i32) {
    FIRED_AT.store(now(libc::CLOCK_MONOTONIC), Ordering::Relaxed);
    FIRED.fetch_add(1, Ordering::Relaxed);
}

pub fn run() {
    handle(libc::SIGALRM, fired);
    let earliest = now(libc::CLOCK_MONOTONIC) + 4 * SECOND;
    set_interval(libc::ITIMER_REAL, 4 * SECOND, 0);
    let left = || get_interval(libc::ITIMER_REAL).0;
    let end = end_on(libc::CLOCK_MONOTONIC, left);
    may_fire(libc::SIGALRM);
    checkpoint_here();
    check_left(end, libc::CLOCK_MONOTONIC, left);
    same("interval", &0, &get_interval(libc::ITIMER_REAL).1);
    let has_fired = || FIRED.load(Ordering::Relaxed) != 0;
    check(wait_until(PATIENCE, has_fired), "it does not fire");
    let late = FIRED_AT.load(Ordering::Relaxed) - earliest;
    check(late >= 0, &format!("it fired {} ns before its time", -late));
    same("what is left then", &(0, 0), &get_interval(libc::ITIMER_REAL));
    std::thread::sleep(std::time::Duration::from_millis(50));
    same("times fired", &1, &FIRED.load(Ordering::Relaxed));
}
