// SPDX-License-Identifier: GPL-2.0

//! Fact: io_getevents, frozen and thawed by a checkpoint that is refused, ends when it would have ended
//! anyway.
//!
//! Could break: its timeout is relative, and left alone the call fails with EINTR.

use ckpt_support::raw;
use ckpt_support::waits::{ends_in_time, span};

use super::asynchronous::context;

pub fn run() {
    let context = context();
    let mut events = [0u64; 4];
    let time = span();
    let call = [
        context,
        1,
        1,
        events.as_mut_ptr() as usize,
        &raw const time as usize,
    ];
    ends_in_time("io_getevents", libc::SYS_io_getevents, (0, 0), || {
        raw(libc::SYS_io_getevents, &call)
    });
}
