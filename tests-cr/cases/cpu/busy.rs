// SPDX-License-Identifier: GPL-2.0

//! Fact: a computation that never enters the kernel goes on as if nothing had happened.
//!
//! Could break: any register, flag or vector lane that is lost at any instruction of the loop. The
//! result after n steps is known without doing them, so one lost bit shows.

use ckpt_support::{check, ready, same, GoFlag};

const FACTOR: u64 = 6_364_136_223_846_793_005;
const TERM: u64 = 1_442_695_040_888_963_407;

/// What `count` steps of `x * FACTOR + TERM` make of `x`, by squaring.
fn after_steps(mut x: u64, mut count: u64) -> u64 {
    let (mut factor, mut term) = (FACTOR, TERM);
    while count > 0 {
        if count & 1 == 1 {
            x = x.wrapping_mul(factor).wrapping_add(term);
        }
        term = term.wrapping_mul(factor).wrapping_add(term);
        factor = factor.wrapping_mul(factor);
        count >>= 1;
    }
    x
}

pub fn run() {
    let go = GoFlag::map();
    let (mut x, mut steps, mut sum) = (42u64, 0u64, 0.0f64);
    ready();
    while !go.is_set() {
        for _ in 0..1000 {
            x = x.wrapping_mul(FACTOR).wrapping_add(TERM);
            // Exact as long as it stays below 2^53.
            sum += 2.0;
            steps += 1;
        }
    }
    check(steps > 0, "the loop did not run");
    same("result", &after_steps(42, steps), &x);
    same("sum", &(2.0 * steps as f64), &sum);
}
