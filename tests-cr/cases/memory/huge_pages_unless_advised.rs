// SPDX-License-Identifier: GPL-2.0

//! Fact: PR_SET_THP_DISABLE with PR_THP_DISABLE_EXCEPT_ADVISED comes back as such.
//!
//! Could break: it is another flag than that of the plain call.

use ckpt_support::{checkpoint_here, must, same};

pub fn run() {
    const EXCEPT_ADVISED: u64 = 1 << 1;
    // SAFETY: take no pointer.
    let get = || unsafe { libc::prctl(libc::PR_GET_THP_DISABLE, 0, 0, 0, 0) };
    // SAFETY: as above.
    must("prctl", unsafe {
        libc::prctl(libc::PR_SET_THP_DISABLE, 1u64, EXCEPT_ADVISED, 0u64, 0u64)
    });
    let before = get();
    checkpoint_here();
    same("PR_GET_THP_DISABLE", &before, &get());
}
