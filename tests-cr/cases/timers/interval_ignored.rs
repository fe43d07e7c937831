// SPDX-License-Identifier: GPL-2.0

//! Fact: a periodic interval timer whose signal was ignored stands still until a SIGALRM is taken.
//!
//! Could break: nothing is queued, nothing is armed, and yet it is not off.

use std::sync::atomic::{AtomicI64, Ordering};

use ckpt_support::{check, checkpoint_here, same};

use super::timer::{get_interval, handle, set_action, set_interval, wait_until, MILLISECOND, PATIENCE};

const INTERVAL: i64 = 20 * MILLISECOND;

static FIRED: AtomicI64 = AtomicI64::new(0);

extern "C" fn fired(_signal: i32) {
    FIRED.fetch_add(1, Ordering::Relaxed);
}

pub fn run() {
    set_action(libc::SIGALRM, libc::SIG_IGN);
    set_interval(libc::ITIMER_REAL, MILLISECOND, INTERVAL);
    let stands = || get_interval(libc::ITIMER_REAL).0 == 0;
    check(wait_until(PATIENCE, stands), "it does not stand still");
    checkpoint_here();
    same("stands still", &(0, INTERVAL), &get_interval(libc::ITIMER_REAL));
    handle(libc::SIGALRM, fired);
    std::thread::sleep(std::time::Duration::from_millis(100));
    same("times fired", &0, &FIRED.load(Ordering::Relaxed));
    // SAFETY: a signal to this process, which is handled.
    unsafe { libc::kill(libc::getpid(), libc::SIGALRM) };
    let goes_on = || FIRED.load(Ordering::Relaxed) >= 3;
    check(wait_until(PATIENCE, goes_on), "it does not go on");
}
