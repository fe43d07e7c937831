// SPDX-License-Identifier: GPL-2.0

//! Fact: a vfork child may wait for a vfork child of its own.
//!
//! Could break: one of the two waits is forgotten, or both are for the same.

use ckpt_support::{checkpoint_here, same};

use super::borrowed::{step, vfork};
use crate::tasks::relatives::{end_of, FINE};

pub fn run() {
    let pid = vfork(|| {
        let pid = vfork(|| {
            checkpoint_here();
            step();
            3
        });
        let is_first = step() == 1;
        if is_first && end_of(pid) == 3 {
            FINE
        } else {
            1
        }
    });
    same("both were waited for", &2, &step());
    same("its end", &FINE, &end_of(pid));
}
