// SPDX-License-Identifier: GPL-2.0

//! Fact: the timer slack and the default that it goes back to are the same.
//!
//! Could break: there are two numbers, and only one has a system call of its own.

use ckpt_support::{checkpoint_here, must, same};

pub fn run() {
    // SAFETY: take no pointer.
    unsafe {
        let default = libc::prctl(libc::PR_GET_TIMERSLACK, 0, 0, 0, 0);
        must(
            "PR_SET_TIMERSLACK",
            libc::prctl(libc::PR_SET_TIMERSLACK, 1_234_567, 0, 0, 0),
        );
        checkpoint_here();
        same(
            "slack",
            &1_234_567,
            &libc::prctl(libc::PR_GET_TIMERSLACK, 0, 0, 0, 0),
        );
        must(
            "PR_SET_TIMERSLACK",
            libc::prctl(libc::PR_SET_TIMERSLACK, 0, 0, 0, 0),
        );
        same(
            "default",
            &default,
            &libc::prctl(libc::PR_GET_TIMERSLACK, 0, 0, 0, 0),
        );
    }
}
