// SPDX-License-Identifier: GPL-2.0

//! Fact: a 64-bit program that waits in a system call of 32-bit programs goes on waiting for what
//! remained.
//!
//! Could break: the call goes on through restart_syscall(2), whose number depends on the kind of
//! call, not on the kind of program.

use ckpt_support::waits::{ends_in_time, seconds};

use super::compat;

/// poll(2) of 32-bit programs.
const POLL: u32 = 168;

pub fn run() {
    ends_in_time("poll", POLL.into(), (0, 0), || {
        compat::call(POLL, [0, 0, seconds() as usize * 1000]).into()
    });
}
