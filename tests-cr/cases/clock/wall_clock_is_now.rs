// SPDX-License-Identifier: GPL-2.0

//! Fact: CLOCK_REALTIME is the machine's wall clock, not the one of the checkpoint.
//!
//! Could break: going on from where it was is right for the monotonic clocks only.

use std::time::SystemTime;

use ckpt_support::{check, checkpoint_here};

pub fn run() {
    let before = SystemTime::now();
    checkpoint_here();
    check(SystemTime::now() > before, "the wall clock went backwards");
    // A file written now gets its time from the machine's clock. There may be a pause at any place,
    // but not in all tries.
    let tries = (0..20).map(|_| {
        let now = SystemTime::now();
        std::fs::write("stamp", b"now").expect("write");
        let stamp = std::fs::metadata("stamp").and_then(|data| data.modified());
        match stamp.expect("stat").duration_since(now) {
            Ok(later) => later,
            Err(earlier) => earlier.duration(),
        }
    });
    let apart = tries.min().unwrap_or_default();
    check(
        apart.as_secs() < 2,
        &format!("the wall clock is {apart:?} from the file system's"),
    );
}
