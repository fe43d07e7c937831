// SPDX-License-Identifier: GPL-2.0

//! Fact: the secure bits and "keep capabilities" come back.
//!
//! Could break: some are locked, so that not even root can set them a second time.

use ckpt_support::{checkpoint_here, must, same};

const NO_ROOT: i32 = 1 << 0;
const NO_ROOT_LOCKED: i32 = 1 << 1;
const NO_SETUID_FIXUP: i32 = 1 << 2;
const KEEP_CAPS: i32 = 1 << 4;

pub fn run() {
    let bits = NO_ROOT | NO_ROOT_LOCKED | NO_SETUID_FIXUP | KEEP_CAPS;
    // SAFETY: take no pointer.
    unsafe {
        must(
            "PR_SET_SECUREBITS",
            libc::prctl(libc::PR_SET_SECUREBITS, bits, 0, 0, 0),
        );
        checkpoint_here();
        same(
            "bits",
            &bits,
            &libc::prctl(libc::PR_GET_SECUREBITS, 0, 0, 0, 0),
        );
        same("keep", &1, &libc::prctl(libc::PR_GET_KEEPCAPS, 0, 0, 0, 0));
        same(
            "unlocking",
            &-1,
            &libc::prctl(libc::PR_SET_SECUREBITS, 0, 0, 0, 0),
        );
    }
}
