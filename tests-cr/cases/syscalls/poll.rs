// SPDX-License-Identifier: GPL-2.0

//! Fact: poll goes on with what remained of its timeout.
//!
//! Could break: it restarts by a function of its own, with the array's address and a deadline.

use ckpt_support::raw;
use ckpt_support::waits::{ends_in_time, seconds};

pub fn run() {
    // A negative descriptor is passed over: only the timeout can end the call.
    let mut entry = libc::pollfd {
        fd: -1,
        events: libc::POLLIN,
        revents: 0,
    };
    let call = [&raw mut entry as usize, 1, seconds() as usize * 1000];
    ends_in_time("poll", libc::SYS_poll, (0, 0), || {
        raw(libc::SYS_poll, &call)
    });
}
