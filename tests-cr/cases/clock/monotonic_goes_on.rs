// SPDX-License-Identifier: GPL-2.0

//! Fact: CLOCK_MONOTONIC goes on from where it was: never backwards, no jump.
//!
//! Could break: after a reboot the machine's own clock starts at zero.

use std::time::{Duration, Instant};

use ckpt_support::{check, checkpoint_here};

pub fn run() {
    // A deadline that was computed before must mean the same afterwards.
    let before = Instant::now();
    checkpoint_here();
    let passed = Instant::now().checked_duration_since(before);
    check(passed.is_some(), "the clock went backwards");
    let passed = passed.unwrap_or_default();
    check(
        passed < Duration::from_secs(300),
        &format!("the clock jumped by {passed:?}"),
    );
    let mut last = Instant::now();
    for _ in 0..1000 {
        let now = Instant::now();
        check(now >= last, "the clock went backwards afterwards");
        last = now;
    }
}
