// SPDX-License-Identifier: GPL-2.0

//! Fact: CLOCK_BOOTTIME goes on from where it was, and keeps its distance to CLOCK_MONOTONIC.
//!
//! Could break: it has an offset of its own in the time namespace.

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
    time.tv_sec * 1_000_000 + time.tv_nsec / 1000
}

/// How far the boot clock is ahead of the monotonic one, and how exactly that is known.
fn distance() -> (i64, i64) {
    let tries = (0..50).map(|_| {
        let first = clock(libc::CLOCK_MONOTONIC);
        let boot = clock(libc::CLOCK_BOOTTIME);
        let last = clock(libc::CLOCK_MONOTONIC);
        (boot - first, last - first)
    });
    tries.min_by_key(|(_, width)| *width).unwrap_or_default()
}

pub fn run() {
    let (boot, (distance_before, width_before)) = (clock(libc::CLOCK_BOOTTIME), distance());
    checkpoint_here();
    let passed = clock(libc::CLOCK_BOOTTIME) - boot;
    check(
        (0..300_000_000).contains(&passed),
        &format!("the boot clock moved by {passed} us"),
    );
    let (distance_now, width_now) = distance();
    let drift = distance_now - distance_before;
    check(
        drift.abs() <= width_before + width_now + 100,
        &format!("boot and monotonic clock moved apart by {drift} us"),
    );
}
