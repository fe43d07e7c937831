// SPDX-License-Identifier: GPL-2.0

//! Fact: PR_SET_MDWE, which can never be taken back, is refused.
//!
//! Could break: without it the program would be less confined.

use ckpt_support::{checkpoint_here, expect_refusal, must};

pub fn run() {
    // SAFETY: takes no pointer.
    must("executable_gain_refused", unsafe {
        libc::prctl(libc::PR_SET_MDWE, libc::PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0)
    });
    expect_refusal("TaskFeature", "MDWE");
    checkpoint_here();
}
