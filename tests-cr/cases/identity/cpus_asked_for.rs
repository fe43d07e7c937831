// SPDX-License-Identifier: GPL-2.0

//! Fact: a program that asked for more CPUs than there are may use what it could use before.
//!
//! Could break: what was asked for and what was granted are two masks.

use ckpt_support::{checkpoint_here, must, raw, same};

fn granted() -> Vec<u8> {
    let mut mask = vec![0u8; 128];
    let call = [0, mask.len(), mask.as_mut_ptr() as usize];
    must(
        "sched_getaffinity",
        raw(libc::SYS_sched_getaffinity, &call),
    );
    mask
}

pub fn run() {
    let all = [0xffu8; 128];
    let call = [0, all.len(), all.as_ptr() as usize];
    must(
        "sched_setaffinity",
        raw(libc::SYS_sched_setaffinity, &call),
    );
    let before = granted();
    checkpoint_here();
    same("CPUs", &before, &granted());
}
