// SPDX-License-Identifier: GPL-2.0

//! Fact: a sleep that was interrupted by a checkpoint goes on with what remained of it.
//!
//! Could break: the deadline is on the host's clock, and after a reboot that clock is another one.

use ckpt_support::raw;
use ckpt_support::waits::{ends_in_time, span};

pub fn run() {
    let time = span();
    let number = libc::SYS_nanosleep;
    ends_in_time("nanosleep", number, (0, 0), || {
        raw(number, &[&raw const time as usize, 0])
    });
}
