// SPDX-License-Identifier: GPL-2.0

//! Fact: a hundred processes in a deep and wide tree come back.
//!
//! Could break: what takes a step for each of them takes it for all of them.

use ckpt_support::{checkpoint_here, same};

use super::relatives::{child, end_of, FINE};

fn tree(depth: u32) -> i32 {
    let children: Vec<i32> = match depth {
        0 => Vec::new(),
        _ => (0..3).map(|_| child(|| tree(depth - 1))).collect(),
    };
    ckpt_support::wait_for_go();
    match children.into_iter().all(|pid| end_of(pid) == FINE) {
        true => FINE,
        false => 1,
    }
}

pub fn run() {
    let children: Vec<i32> = (0..3).map(|_| child(|| tree(3))).collect();
    // They are all there when the last of them is: each makes its own before it waits.
    std::thread::sleep(std::time::Duration::from_millis(800));
    checkpoint_here();
    for pid in children {
        same("a branch", &FINE, &end_of(pid));
    }
}
