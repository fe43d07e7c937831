// SPDX-License-Identifier: GPL-2.0

//! Fact: the next child gets the number after the last one that was given, not one of somebody who
//! has just gone.
//!
//! Could break: numbers that were asked for do not move what comes next.

use ckpt_support::{check, checkpoint_here};

use super::inside::next;

pub fn run() {
    let before = next();
    checkpoint_here();
    let after = next();
    // Without a namespace of its own others take numbers meanwhile.
    check(after > before && after < before + 300, "the next number");
}
