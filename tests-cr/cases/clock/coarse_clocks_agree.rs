// SPDX-License-Identifier: GPL-2.0

//! Fact: the coarse clocks, which only the vdso's data pages give fast, agree with the fine ones.
//!
//! Could break: the page with the time namespace's offsets has a field for each clock.

use ckpt_support::{check, checkpoint_here, must};

fn clock(id: i32) -> i64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: writes one timespec.
    must("clock_gettime", unsafe {
        libc::clock_gettime(id, &mut time)
    });
    time.tv_sec * 1000 + time.tv_nsec / 1_000_000
}

pub fn run() {
    let raw_before = clock(libc::CLOCK_MONOTONIC_RAW);
    checkpoint_here();
    for (coarse, fine) in [
        (libc::CLOCK_MONOTONIC_COARSE, libc::CLOCK_MONOTONIC),
        (libc::CLOCK_REALTIME_COARSE, libc::CLOCK_REALTIME),
    ] {
        let tries = (0..50).map(|_| {
            // So that the tick is in time for one of them.
            std::thread::sleep(std::time::Duration::from_millis(5));
            // In this order: a coarse reading is never later than a fine one that follows it.
            let behind = clock(coarse);
            clock(fine) - behind
        });
        let all: Vec<i64> = tries.collect();
        let apart = all.iter().copied().min().unwrap_or(-1);
        check(
            (0..200).contains(&apart),
            &format!("clock {coarse} is {apart} ms behind"),
        );
    }
    let passed = clock(libc::CLOCK_MONOTONIC_RAW) - raw_before;
    check(
        (0..300_000).contains(&passed),
        &format!("the raw clock moved by {passed} ms"),
    );
}
