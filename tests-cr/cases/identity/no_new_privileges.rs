// SPDX-License-Identifier: GPL-2.0

//! Fact: "no new privileges", which can never be taken back, is still set.
//!
//! Could break: a bit of the task; losing it would make a confined program less confined.

use ckpt_support::{checkpoint_here, must, same};

pub fn run() {
    // SAFETY: take no pointer.
    unsafe {
        must(
            "PR_SET_NO_NEW_PRIVS",
            libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        );
        checkpoint_here();
        same(
            "no new privileges",
            &1,
            &libc::prctl(libc::PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0),
        );
    }
}
