// SPDX-License-Identifier: GPL-2.0

//! Fact: a relative sleep on CLOCK_BOOTTIME goes on with what remained of it.
//!
//! Could break: the clock of the sleep must be remembered, and has an offset of its own.

use ckpt_support::raw;
use ckpt_support::waits::{ends_in_time, span};

pub fn run() {
    let time = span();
    let call = [libc::CLOCK_BOOTTIME as usize, 0, &raw const time as usize, 0];
    let number = libc::SYS_clock_nanosleep;
    ends_in_time("clock_nanosleep", number, (0, 0), || raw(number, &call));
}
