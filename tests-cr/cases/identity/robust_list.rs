// SPDX-License-Identifier: GPL-2.0

//! Fact: the list of robust futexes is registered at the same address.
//!
//! Could break: only get_robust_list shows it, until a thread dies with a lock.

use ckpt_support::{check, checkpoint_here, must, raw, same};

fn registered() -> (usize, usize) {
    let (mut head, mut size) = (0usize, 0usize);
    let call = [0, &raw mut head as usize, &raw mut size as usize];
    must("get_robust_list", raw(libc::SYS_get_robust_list, &call));
    (head, size)
}

pub fn run() {
    let before = registered();
    check(before.0 != 0, "the C library registered no list");
    checkpoint_here();
    same("list", &before, &registered());
}
