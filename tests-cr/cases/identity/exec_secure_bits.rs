// SPDX-License-Identifier: GPL-2.0

//! Fact: the secure bits about what may be executed, which anybody may set and lock, come back.
//!
//! Could break: they came later than the others.

use ckpt_support::{checkpoint_here, must, same};

pub fn run() {
    const RESTRICT_FILE: i32 = 1 << 8;
    const RESTRICT_FILE_LOCKED: i32 = 1 << 9;
    const DENY_INTERACTIVE: i32 = 1 << 10;
    let bits = RESTRICT_FILE | RESTRICT_FILE_LOCKED | DENY_INTERACTIVE;
    // SAFETY: take no pointer.
    unsafe {
        let (get, set) = (libc::PR_GET_SECUREBITS, libc::PR_SET_SECUREBITS);
        must("PR_SET_SECUREBITS", libc::prctl(set, bits, 0, 0, 0));
        checkpoint_here();
        same("bits", &bits, &libc::prctl(get, 0, 0, 0, 0));
        same("unlocking", &-1, &libc::prctl(set, 0, 0, 0, 0));
    }
}
