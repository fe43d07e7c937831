// SPDX-License-Identifier: GPL-2.0

//! Fact: select goes on with what remained of its timeout.
//!
//! Could break: it restarts from its arguments, in which the kernel wrote what remains.

use std::time::Instant;

use ckpt_support::{check, errno, ready_inside, same, wait_for_go};

pub fn run() {
    let start = Instant::now();
    ready_inside(libc::SYS_select);
    let mut time = libc::timeval {
        tv_sec: 3,
        tv_usec: 0,
    };
    let call = [0, 0, 0, 0, &raw mut time as usize];
    let result = ckpt_support::raw(libc::SYS_select, &call);
    same(
        "select",
        &(0, 0),
        &(result, if result == 0 { 0 } else { errno() }),
    );
    same("what remains", &(0, 0), &(time.tv_sec, time.tv_usec));
    let passed = start.elapsed().as_millis();
    check(
        (3000..8000).contains(&passed),
        &format!("3000 ms took {passed}"),
    );
    wait_for_go();
}
