// SPDX-License-Identifier: GPL-2.0

//! Fact: the signal that the program asked for when its parent dies is still asked for.
//!
//! Could break: it is cleared by changes of credentials.

use ckpt_support::{checkpoint_here, must, same};

pub fn run() {
    let mut signal = 0;
    // SAFETY: writes one number.
    unsafe {
        let wanted = libc::SIGWINCH;
        must(
            "PR_SET_PDEATHSIG",
            libc::prctl(libc::PR_SET_PDEATHSIG, wanted, 0, 0, 0),
        );
        checkpoint_here();
        must(
            "PR_GET_PDEATHSIG",
            libc::prctl(libc::PR_GET_PDEATHSIG, &raw mut signal),
        );
    }
    same("signal", &libc::SIGWINCH, &signal);
}
