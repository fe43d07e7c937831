// SPDX-License-Identifier: GPL-2.0

//! Fact: a futex wait goes on with what remained of its timeout.
//!
//! Could break: it restarts by a function of its own, with the word's address, value and a
//! deadline.

use ckpt_support::raw;
use ckpt_support::waits::{ends_in_time, span};

pub fn run() {
    let time = span();
    let word = 7u32;
    let operation = (libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG) as usize;
    let call = [
        &raw const word as usize,
        operation,
        7,
        &raw const time as usize,
    ];
    let expected = (-1, libc::ETIMEDOUT);
    ends_in_time("futex", libc::SYS_futex, expected, || {
        raw(libc::SYS_futex, &call)
    });
}
