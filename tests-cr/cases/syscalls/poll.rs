// SPDX-License-Identifier: GPL-2.0

//! Fact: poll goes on with what remained of its timeout.
//!
//! Could break: it restarts by a function of its own, with the array's address and a deadline.

use std::time::Instant;

use ckpt_support::{check, errno, ready_inside, same, wait_for_go};

pub fn run() {
    let start = Instant::now();
    ready_inside(libc::SYS_poll);
    // A negative descriptor is passed over: only the timeout can end the call.
    let mut entry = libc::pollfd {
        fd: -1,
        events: libc::POLLIN,
        revents: 0,
    };
    // SAFETY: one entry.
    let result = unsafe { libc::poll(&mut entry, 1, 3000) };
    same(
        "poll",
        &(0, 0),
        &(result, if result == 0 { 0 } else { errno() }),
    );
    let passed = start.elapsed().as_millis();
    check(
        (3000..8000).contains(&passed),
        &format!("3000 ms took {passed}"),
    );
    wait_for_go();
}
