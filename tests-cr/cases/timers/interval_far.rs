// SPDX-License-Identifier: GPL-2.0

//! Fact: alarm(2) tells what is left of an alarm that is far away, and can take it back.
//!
//! Could break: what is left must be counted on the container's clock, not from the restart.

use ckpt_support::{check, checkpoint_here, same};

use super::timer::{check_left, end_on, get_interval, set_interval, SECOND};

pub fn run() {
    set_interval(libc::ITIMER_REAL, 5000 * SECOND, 700 * SECOND);
    let end = end_on(libc::CLOCK_MONOTONIC, || get_interval(libc::ITIMER_REAL).0);
    checkpoint_here();
    check_left(end, libc::CLOCK_MONOTONIC, || get_interval(libc::ITIMER_REAL).0);
    same("interval", &(700 * SECOND), &get_interval(libc::ITIMER_REAL).1);
    // SAFETY: takes no pointer.
    let seconds = unsafe { libc::alarm(0) };
    check((4500..=5000).contains(&seconds), "alarm(0) tells something else");
    same("taken back", &(0, 0), &get_interval(libc::ITIMER_REAL));
}
