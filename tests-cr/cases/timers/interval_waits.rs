// SPDX-License-Identifier: GPL-2.0

//! Fact: a periodic interval timer whose signal waits, or was ignored, is set again when SIGALRM is
//! taken, and not before.
//!
//! Could break: such a timer is neither armed nor off, and the signal does not say that it is its.

use std::sync::atomic::{AtomicI64, Ordering};

use ckpt_support::{check, checkpoint_here, same};

use super::timer::{
    block, check_step, during, get_interval, handle, is_pending, set_action, set_interval, take,
    wait_until, MILLISECOND, PATIENCE,
};

const INTERVAL: i64 = 300 * MILLISECOND;

static FIRED: AtomicI64 = AtomicI64::new(0);

extern "C" fn fired(_signal: i32) {
    FIRED.fetch_add(1, Ordering::Relaxed);
}

pub fn run() {
    let set = block(&[libc::SIGALRM]);
    let set_it = || set_interval(libc::ITIMER_REAL, MILLISECOND, INTERVAL);
    let ((), set_at) = during(libc::CLOCK_MONOTONIC, set_it);
    check(
        wait_until(PATIENCE, || is_pending(libc::SIGALRM)),
        "it does not fire",
    );
    let waits = get_interval(libc::ITIMER_REAL);
    checkpoint_here();
    same("while it waits", &waits, &get_interval(libc::ITIMER_REAL));
    check(is_pending(libc::SIGALRM), "its signal is not pending");
    let taken = take(&set, 0);
    check(taken.is_some(), "its signal cannot be taken");
    let (left, _) = get_interval(libc::ITIMER_REAL);
    check(
        (1..=INTERVAL).contains(&left),
        &format!("then {left} ns are left"),
    );
    check_step(set_at.plus(MILLISECOND), INTERVAL, || {
        // It may have fired again.
        take(&set, 0);
        get_interval(libc::ITIMER_REAL).0
    });
    check(take(&set, PATIENCE).is_some(), "it does not fire again");
    set_interval(libc::ITIMER_REAL, 0, 0);
    set_action(libc::SIGALRM, libc::SIG_IGN);
    handle(libc::SIGALRM, fired);
    same("once more", &0, &FIRED.load(Ordering::Relaxed));
}
