// SPDX-License-Identifier: GPL-2.0

//! Fact: io_getevents, frozen and thawed by a checkpoint that is refused, ends when it would have ended
//! anyway.
//!
//! Could break: its timeout is relative, and left alone the call fails with EINTR.

use std::time::Instant;

use ckpt_support::{check, errno, raw, ready_inside, same};

use super::asynchronous::context;

pub fn run() {
    let context = context();
    let start = Instant::now();
    ready_inside(libc::SYS_io_getevents);
    let mut events = [0u64; 4];
    let time = libc::timespec {
        tv_sec: 10,
        tv_nsec: 0,
    };
    let call = [
        context,
        1,
        1,
        events.as_mut_ptr() as usize,
        &raw const time as usize,
    ];
    let result = raw(libc::SYS_io_getevents, &call);
    let error = if result < 0 { errno() } else { 0 };
    same("io_getevents", &(0, 0), &(result, error));
    let passed = start.elapsed().as_millis();
    check(
        (10_000..14_000).contains(&passed),
        &format!("10 s took {passed} ms"),
    );
}
