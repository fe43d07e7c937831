// SPDX-License-Identifier: GPL-2.0

//! Fact: a relative sleep on CLOCK_REALTIME goes on with what remained of it.
//!
//! Could break: that clock is not moved by the time namespace, but goes on while the program is not
//! there.

use ckpt_support::raw;
use ckpt_support::waits::{ends_in_time, span};

pub fn run() {
    let time = span();
    let call = [libc::CLOCK_REALTIME as usize, 0, &raw const time as usize, 0];
    let number = libc::SYS_clock_nanosleep;
    ends_in_time("clock_nanosleep", number, (0, 0), || raw(number, &call));
}
