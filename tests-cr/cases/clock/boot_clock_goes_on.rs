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
    time.tv_sec * 1000 + time.tv_nsec / 1_000_000
}

pub fn run() {
    let (boot, monotonic) = (clock(libc::CLOCK_BOOTTIME), clock(libc::CLOCK_MONOTONIC));
    checkpoint_here();
    let (boot_now, monotonic_now) = (clock(libc::CLOCK_BOOTTIME), clock(libc::CLOCK_MONOTONIC));
    let passed = boot_now - boot;
    check(
        (0..300_000).contains(&passed),
        &format!("the boot clock moved by {passed} ms"),
    );
    let drift = (boot_now - monotonic_now) - (boot - monotonic);
    check(
        drift.abs() <= 5,
        &format!("boot and monotonic clock moved apart by {drift} ms"),
    );
}
