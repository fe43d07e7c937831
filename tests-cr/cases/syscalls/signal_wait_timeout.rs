// SPDX-License-Identifier: GPL-2.0

//! Fact: sigtimedwait ends when it would have ended anyway.
//!
//! Could break: its timeout is relative; begun anew at every freeze it would never end.

use ckpt_support::signals::bit;
use ckpt_support::waits::{ends_in_time, span};
use ckpt_support::raw;

pub fn run() {
    let time = span();
    let set = bit(libc::SIGUSR1);
    let call = [&raw const set as usize, 0, &raw const time as usize, 8];
    let expected = (-1, libc::EAGAIN);
    ends_in_time("sigtimedwait", libc::SYS_rt_sigtimedwait, expected, || {
        raw(libc::SYS_rt_sigtimedwait, &call)
    });
}
