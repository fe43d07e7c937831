// SPDX-License-Identifier: GPL-2.0

//! Fact: PR_SET_THP_DISABLE comes back.
//!
//! Could break: it is a flag of the address space, which the restart makes anew.

use ckpt_support::{checkpoint_here, must, same};

pub fn run() {
    // SAFETY: take no pointer.
    unsafe {
        must("set", libc::prctl(libc::PR_SET_THP_DISABLE, 1, 0, 0, 0));
        checkpoint_here();
        same(
            "disabled",
            &1,
            &libc::prctl(libc::PR_GET_THP_DISABLE, 0, 0, 0, 0),
        );
    }
}
