// SPDX-License-Identifier: GPL-2.0

//! Fact: a program that adopts orphaned descendants still does.
//!
//! Could break: it is a bit of the process that nothing shows.

use ckpt_support::{checkpoint_here, must, same};

pub fn run() {
    let mut set = 0;
    // SAFETY: writes one number.
    unsafe {
        must("set", libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
        checkpoint_here();
        must(
            "get",
            libc::prctl(libc::PR_GET_CHILD_SUBREAPER, &raw mut set),
        );
    }
    same("subreaper", &1, &set);
}
