// SPDX-License-Identifier: GPL-2.0

//! Fact: PR_SET_MEMORY_MERGE is refused.
//!
//! Could break: it holds for areas that are made later.

use ckpt_support::{checkpoint_here, expect_refusal, must};

pub fn run() {
    // SAFETY: takes no pointer.
    must("memory_merge", unsafe { libc::prctl(67, 1, 0, 0, 0) });
    expect_refusal("TaskFeature", "merge");
    checkpoint_here();
}
