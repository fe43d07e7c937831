// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in io_getevents goes on sleeping for what was left of his time.
//!
//! Could break: its timeout is relative, and left alone the call fails with EINTR.

use ckpt_support::raw;
use ckpt_support::waits::{ends_in_time, span};

use super::context::setup;

pub fn run() {
    let context = setup(8);
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
