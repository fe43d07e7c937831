// SPDX-License-Identifier: GPL-2.0

//! Fact: a hundred processes in a deep and wide tree come back.
//!
//! Could break: what takes a step for each of them takes it for all of them.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use ckpt_support::{checkpoint_here, same};

use super::relatives::{child, end_of, set, shared_word, sleep_until_set, wait_until, FINE};

/// Three trees of three levels below their root.
const PROCESSES: u32 = 3 * (1 + 3 + 9 + 27);

fn tree(depth: u32, go: &AtomicU32, there: &AtomicU32) -> i32 {
    let children: Vec<i32> = match depth {
        0 => Vec::new(),
        _ => (0..3).map(|_| child(|| tree(depth - 1, go, there))).collect(),
    };
    there.fetch_add(1, SeqCst);
    sleep_until_set(go);
    match children.into_iter().all(|pid| end_of(pid) == FINE) {
        true => FINE,
        false => 1,
    }
}

pub fn run() {
    let (go, there) = (shared_word(), shared_word());
    let children: Vec<i32> = (0..3).map(|_| child(|| tree(3, go, there))).collect();
    wait_until(there, PROCESSES);
    checkpoint_here();
    set(go);
    for pid in children {
        same("a branch", &FINE, &end_of(pid));
    }
}
