// SPDX-License-Identifier: GPL-2.0

//! Fact: the set of CPUs that the program may use comes back.
//!
//! Could break: it is a mask whose length the kernel chooses.

use ckpt_support::{checkpoint_here, must, same};

fn allowed() -> Vec<u8> {
    let mut mask = vec![0u8; 128];
    let call = [0, mask.len(), mask.as_mut_ptr() as usize];
    must(
        "sched_getaffinity",
        ckpt_support::raw(libc::SYS_sched_getaffinity, &call),
    );
    mask
}

pub fn run() {
    let first = [1u8, 0, 0, 0, 0, 0, 0, 0];
    let call = [0, first.len(), first.as_ptr() as usize];
    must(
        "sched_setaffinity",
        ckpt_support::raw(libc::SYS_sched_setaffinity, &call),
    );
    let before = allowed();
    checkpoint_here();
    same("CPUs", &before, &allowed());
}
