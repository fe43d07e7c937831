// SPDX-License-Identifier: GPL-2.0

//! Fact: a futex wait goes on with what remained of its timeout.
//!
//! Could break: it restarts by a function of its own, with the word's address, value and a
//! deadline.

use std::time::Instant;

use ckpt_support::{check, errno, ready_inside, same, wait_for_go};

pub fn run() {
    let start = Instant::now();
    ready_inside(libc::SYS_futex);
    let word = 7u32;
    let time = libc::timespec {
        tv_sec: 3,
        tv_nsec: 0,
    };
    let operation = (libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG) as usize;
    let call = [
        &raw const word as usize,
        operation,
        7,
        &raw const time as usize,
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
