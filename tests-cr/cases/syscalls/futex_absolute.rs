// SPDX-License-Identifier: GPL-2.0

//! Fact: a futex wait with an absolute deadline ends at that time of the container's clock.
//!
//! Could break: the deadline is turned into the host's clock when the call is made, and again when
//! it restarts.

use ckpt_support::raw;
use ckpt_support::waits::{end_of_wait, ends_in_time};

pub fn run() {
    let word = 7u32;
    let operation = (libc::FUTEX_WAIT_BITSET | libc::FUTEX_PRIVATE_FLAG) as usize;
    let expected = (-1, libc::ETIMEDOUT);
    ends_in_time("futex", libc::SYS_futex, expected, || {
        let end = end_of_wait(libc::CLOCK_MONOTONIC);
        let call = [
            &raw const word as usize,
            operation,
            7,
            &raw const end as usize,
            0,
            u32::MAX as usize,
        ];
        raw(libc::SYS_futex, &call)
    });
}
