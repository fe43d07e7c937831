// SPDX-License-Identifier: GPL-2.0

//! Fact: a 64-bit program that waits in a system call of 32-bit programs goes on waiting for what
//! remained.
//!
//! Could break: the call goes on through restart_syscall(2), whose number depends on the kind of
//! call, not on the kind of program.

use std::time::Instant;

use ckpt_support::{check, ready_inside, same, wait_for_go};

use super::compat;

/// poll(2) of 32-bit programs.
const POLL: u32 = 168;

pub fn run() {
    let start = Instant::now();
    ready_inside(POLL.into());
    same("poll", &0, &compat::call(POLL, [0, 0, 3000]));
    let passed = start.elapsed().as_millis();
    check(
        (3000..8000).contains(&passed),
        &format!("3000 ms took {passed}"),
    );
    wait_for_go();
}
