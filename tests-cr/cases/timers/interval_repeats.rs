// SPDX-License-Identifier: GPL-2.0

//! Fact: a periodic interval timer goes on, in step with its beginning.
//!
//! Could break: it is set again when its signal is taken, from the time when it fired.

use std::sync::atomic::{AtomicI64, Ordering};

use ckpt_support::{check, checkpoint_here, may_fire, same};

use super::timer::{
    check_step, during, get_interval, handle, set_interval, wait_until, MILLISECOND, PATIENCE,
};

const INTERVAL: i64 = 50 * MILLISECOND;

static FIRED: AtomicI64 = AtomicI64::new(0);

extern "C" fn fired(_signal: i32) {
    FIRED.fetch_add(1, Ordering::Relaxed);
}

pub fn run() {
    handle(libc::SIGALRM, fired);
    let set_it = || set_interval(libc::ITIMER_REAL, INTERVAL, INTERVAL);
    let ((), set_at) = during(libc::CLOCK_MONOTONIC, set_it);
    may_fire(libc::SIGALRM);
    checkpoint_here();
    let so_far = FIRED.load(Ordering::Relaxed);
    let goes_on = || FIRED.load(Ordering::Relaxed) >= so_far + 5;
    check(wait_until(PATIENCE, goes_on), "it does not fire again");
    same("interval", &INTERVAL, &get_interval(libc::ITIMER_REAL).1);
    check_step(set_at, INTERVAL, || get_interval(libc::ITIMER_REAL).0);
}
