// SPDX-License-Identifier: GPL-2.0

//! Fact: a futex wait with an absolute deadline ends at that time of the container's clock.
//!
//! Could break: the deadline is turned into the host's clock when the call is made, and again when
//! it restarts.

use std::time::Instant;

use ckpt_support::{check, errno, ready_inside, same, wait_for_go};

pub fn run() {
    let start = Instant::now();
    ready_inside(libc::SYS_futex);
    let word = 7u32;
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: writes one timespec.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut time) };
    time.tv_sec += 3;
    let operation = (libc::FUTEX_WAIT_BITSET | libc::FUTEX_PRIVATE_FLAG) as usize;
    let call = [
        &raw const word as usize,
        operation,
        7,
        &raw const time as usize,
        0,
        u32::MAX as usize,
    ];
    let result = ckpt_support::raw(libc::SYS_futex, &call);
    same("futex", &(-1, libc::ETIMEDOUT), &(result, errno()));
    let passed = start.elapsed().as_millis();
    check(
        (3000..8000).contains(&passed),
        &format!("3000 ms took {passed}"),
    );
    wait_for_go();
}
