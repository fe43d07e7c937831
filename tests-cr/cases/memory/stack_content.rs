// SPDX-License-Identifier: GPL-2.0

//! Fact: a deep stack comes back, frame by frame.
//!
//! Could break: the stack's area is larger than what is below the stack pointer, and the checkpoint
//! comes while the program is at the far end of it.

use ckpt_support::{checkpoint_here, same};

#[inline(never)]
fn descend(depth: u64) -> u64 {
    let frame = std::hint::black_box([depth; 512]);
    let below = if depth == 0 {
        checkpoint_here();
        0
    } else {
        descend(depth - 1)
    };
    below + std::hint::black_box(&frame).iter().sum::<u64>()
}

pub fn run() {
    let depth = 400;
    same(
        "sum over all frames",
        &(512 * depth * (depth + 1) / 2),
        &descend(depth),
    );
}
