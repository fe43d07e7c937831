// SPDX-License-Identifier: GPL-2.0

//! Fact: a NUMA policy of the task is refused.
//!
//! Could break: it decides where new pages come from.

use ckpt_support::{checkpoint_here, expect_refusal, must, raw};

pub fn run() {
    // MPOL_BIND to node 0.
    let nodes = 1u64;
    must(
        "set_mempolicy",
        raw(libc::SYS_set_mempolicy, &[2, &raw const nodes as usize, 64]),
    );
    expect_refusal("TaskFeature", "policy");
    checkpoint_here();
}
