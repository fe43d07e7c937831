// SPDX-License-Identifier: GPL-2.0

//! Fact: a futex wait until a time of the wall clock ends then, however long the program was away.
//!
//! Could break: this clock is not moved; the wait goes on with a deadline that may have passed.

use std::time::{Duration, SystemTime};

use ckpt_support::waits::MUCH_LATER;
use ckpt_support::{check, errno, raw, ready, same, wait_for_go, was_checkpointed};

pub fn run() {
    let word = 7u32;
    let start = SystemTime::now();
    let end = start + Duration::from_secs(3);
    let since_epoch = end.duration_since(SystemTime::UNIX_EPOCH);
    let seconds = since_epoch.expect("a clock that is set");
    let end = libc::timespec {
        tv_sec: seconds.as_secs() as i64,
        tv_nsec: seconds.subsec_nanos().into(),
    };
    let operation = libc::FUTEX_WAIT_BITSET | libc::FUTEX_CLOCK_REALTIME;
    let call = [
        &raw const word as usize,
        operation as usize,
        7,
        &raw const end as usize,
        0,
        u32::MAX as usize,
    ];
    ready();
    let result = raw(libc::SYS_futex, &call);
    same("futex", &(-1, libc::ETIMEDOUT), &(result, errno()));
    let passed = start.elapsed().unwrap_or_default().as_millis();
    check(passed >= 2990, &format!("3000 ms took {passed}"));
    if !was_checkpointed() {
        check(passed < 3000 + MUCH_LATER as u128, &format!("3000 ms took {passed}"));
    }
    wait_for_go();
}
