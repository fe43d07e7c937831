// SPDX-License-Identifier: GPL-2.0

//! Fact: a wait for several futexes at once ends at its time of the container's clock.
//!
//! Could break: it is made again with its arguments, among them a time of a clock that was moved.

use ckpt_support::waits::{end_of_wait, ends_in_time};
use ckpt_support::{not_run, errno, raw};

const FUTEX2_SIZE_U32: u32 = 2;

/// struct futex_waitv.
#[repr(C)]
struct Waiter {
    value: u64,
    address: usize,
    flags: u32,
    reserved: u32,
}

pub fn run() {
    if raw(libc::SYS_futex_waitv, &[0, 0, 0, 0, 0]) < 0 && errno() == libc::ENOSYS {
        not_run("the kernel has no futex_waitv");
    }
    let words = [7u32, 8];
    let waiter = |word: &u32| Waiter {
        value: (*word).into(),
        address: std::ptr::from_ref(word) as usize,
        flags: FUTEX2_SIZE_U32,
        reserved: 0,
    };
    let waiters = [waiter(&words[0]), waiter(&words[1])];
    let expected = (-1, libc::ETIMEDOUT);
    ends_in_time("futex_waitv", libc::SYS_futex_waitv, expected, || {
        let end = end_of_wait(libc::CLOCK_MONOTONIC);
        let call = [
            waiters.as_ptr() as usize,
            2,
            0,
            &raw const end as usize,
            libc::CLOCK_MONOTONIC as usize,
        ];
        raw(libc::SYS_futex_waitv, &call)
    });
}
