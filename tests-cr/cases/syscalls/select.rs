// SPDX-License-Identifier: GPL-2.0

//! Fact: select goes on with what remained of its timeout.
//!
//! Could break: it restarts from its arguments, in which the kernel wrote what remains.

use ckpt_support::waits::{ends_in_time, seconds};
use ckpt_support::{raw, same};

pub fn run() {
    let mut time = libc::timeval {
        tv_sec: seconds(),
        tv_usec: 0,
    };
    ends_in_time("select", libc::SYS_select, (0, 0), || {
        let result = raw(libc::SYS_select, &[0, 0, 0, 0, &raw mut time as usize]);
        same("what remains", &(0, 0), &(time.tv_sec, time.tv_usec));
        result
    });
}
