// SPDX-License-Identifier: GPL-2.0

//! Fact: the supplementary groups come back, all of them.
//!
//! Could break: there may be 65536, and the kernel sorts them.

use ckpt_support::{checkpoint_here, must, same};

fn groups() -> Vec<u32> {
    let mut all = vec![0u32; 70_000];
    // SAFETY: the list is as long as said.
    let count = must("getgroups", unsafe {
        libc::getgroups(all.len() as i32, all.as_mut_ptr())
    });
    all.truncate(count as usize);
    all
}

pub fn run() {
    let many: Vec<u32> = (0..3000).map(|index| index * 7 + 5).collect();
    // SAFETY: the list is as long as said.
    must("setgroups", unsafe {
        libc::setgroups(many.len(), many.as_ptr())
    });
    let before = groups();
    same("number of groups", &3000, &before.len());
    checkpoint_here();
    same("groups", &before, &groups());
}
