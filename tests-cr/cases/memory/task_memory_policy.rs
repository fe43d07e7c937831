// SPDX-License-Identifier: GPL-2.0

//! Fact: the NUMA policy of a task (set_mempolicy) comes back.
//!
//! Could break: it is the task's, not its memory's; interleaving remembers where it was.

use ckpt_support::{checkpoint_here, must, raw, same};

fn policy(flags: usize) -> (i32, u64) {
    let (mut mode, mut nodes) = (0i32, [0u64; 16]);
    let mask = if flags == 0 { nodes.as_mut_ptr() as usize } else { 0 };
    let call = [&raw mut mode as usize, mask, 1024, 0, flags];
    must("get_mempolicy", raw(libc::SYS_get_mempolicy, &call));
    (mode, nodes[0])
}

pub fn run() {
    const MPOL_INTERLEAVE: usize = 3;
    const MPOL_F_NODE: usize = 1;
    let nodes = [1u64];
    let call = [MPOL_INTERLEAVE, nodes.as_ptr() as usize, 65];
    must("set_mempolicy", raw(libc::SYS_set_mempolicy, &call));
    // Takes pages, and so moves on.
    ckpt_support::anonymous(5 * ckpt_support::page_size()).page(4).fill(1);
    let before = (policy(0), policy(MPOL_F_NODE));
    checkpoint_here();
    same("policy", &before, &(policy(0), policy(MPOL_F_NODE)));
}
