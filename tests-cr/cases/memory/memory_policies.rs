// SPDX-License-Identifier: GPL-2.0

//! Fact: NUMA policies of areas (mbind) come back as they were asked for.
//!
//! Could break: what a policy was made from is kept only in part.

use ckpt_support::{anonymous, check, checkpoint_here, must, page_size, raw, same};

const MPOL_PREFERRED: usize = 1;
const MPOL_BIND: usize = 2;
const MPOL_INTERLEAVE: usize = 3;
const MPOL_LOCAL: usize = 4;
const MPOL_PREFERRED_MANY: usize = 5;
const MPOL_WEIGHTED_INTERLEAVE: usize = 6;
const STATIC: usize = 1 << 15;
const RELATIVE: usize = 1 << 14;
const BALANCING: usize = 1 << 13;
const SYS_SET_HOME_NODE: i64 = 450;

/// All nodes there are, or the last of them.
const ALL: u64 = u64::MAX;
const LAST: u64 = u64::MAX - 1;

const POLICIES: [(usize, u64); 9] = [
    (MPOL_PREFERRED, LAST),
    (MPOL_BIND, ALL),
    (MPOL_BIND | STATIC, 0b101),
    (MPOL_BIND | RELATIVE, 0b10),
    (MPOL_BIND | BALANCING, LAST),
    (MPOL_INTERLEAVE, ALL),
    (MPOL_LOCAL, 0),
    (MPOL_PREFERRED_MANY, ALL),
    (MPOL_WEIGHTED_INTERLEAVE, ALL),
];

/// The mask of nodes that is meant here.
fn mask_of(nodes: u64) -> u64 {
    let is_there = |node: &u32| {
        std::path::Path::new(&format!("/sys/devices/system/node/node{node}")).exists()
    };
    let count = (0..64).take_while(is_there).count() as u32;
    match nodes {
        ALL => (1 << count) - 1,
        LAST => 1 << (count - 1),
        some => some,
    }
}

fn policy(address: usize) -> (i32, [u64; 16]) {
    let mut mode = 0i32;
    let mut nodes = [0u64; 16];
    const MPOL_F_ADDR: usize = 2;
    let call = [
        &raw mut mode as usize,
        nodes.as_mut_ptr() as usize,
        1024,
        address,
        MPOL_F_ADDR,
    ];
    must("get_mempolicy", raw(libc::SYS_get_mempolicy, &call));
    (mode, nodes)
}

pub fn run() {
    let memory = anonymous((POLICIES.len() + 1) * page_size());
    for (index, (mode, nodes)) in POLICIES.into_iter().enumerate() {
        let mask = [mask_of(nodes), 0];
        let mask = if nodes == 0 { 0 } else { mask.as_ptr() as usize };
        let call = [memory.page_address(index), page_size(), mode, mask, 65, 0];
        must("mbind", raw(libc::SYS_mbind, &call));
        memory.page(index).fill(index as u8 + 1);
    }
    let home = [memory.page_address(1), page_size(), 0, 0];
    must("set_mempolicy_home_node", raw(SYS_SET_HOME_NODE, &home));
    let all = || -> Vec<_> {
        (0..memory.pages())
            .map(|index| policy(memory.page_address(index)))
            .collect()
    };
    let before = all();
    checkpoint_here();
    same("policies", &before, &all());
    for index in 0..POLICIES.len() {
        let right = memory.page(index).iter().all(|&byte| byte == index as u8 + 1);
        check(right, "the content differs");
    }
}
