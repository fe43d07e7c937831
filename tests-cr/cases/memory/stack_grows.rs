// SPDX-License-Identifier: GPL-2.0

//! Fact: after a restart the stack still grows when the program needs more of it.
//!
//! Could break: growing needs the area's own flag and room below it, and counts against a limit.

use ckpt_support::{checkpoint_here, same};

#[inline(never)]
fn descend(depth: u64) -> u64 {
    let frame = std::hint::black_box([depth; 512]);
    let below = if depth == 0 { 0 } else { descend(depth - 1) };
    below + std::hint::black_box(&frame)[17]
}

pub fn run() {
    checkpoint_here();
    // Five megabytes or so; the limit is eight.
    let depth = 600;
    same(
        "sum over all frames",
        &(depth * (depth + 1) / 2),
        &descend(depth),
    );
}
