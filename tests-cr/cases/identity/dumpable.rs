// SPDX-License-Identifier: GPL-2.0

//! Fact: a program that is not dumpable is not dumpable after a restart.
//!
//! Could break: setting credentials resets it, and losing it would open the program to ptrace.

use ckpt_support::{checkpoint_here, must, same};

pub fn run() {
    // SAFETY: take no pointer.
    unsafe {
        must(
            "PR_SET_DUMPABLE",
            libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0),
        );
        checkpoint_here();
        same(
            "dumpable",
            &0,
            &libc::prctl(libc::PR_GET_DUMPABLE, 0, 0, 0, 0),
        );
    }
}
