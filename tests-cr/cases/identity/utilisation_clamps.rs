// SPDX-License-Identifier: GPL-2.0

//! Fact: clamps of the CPU's utilisation come back.
//!
//! Could break: they are set beside the policy, and each alone.

use ckpt_support::{checkpoint_here, same};

use super::scheduled::{get, set, Attributes};

pub fn run() {
    const KEEP_ALL: u64 = 0x08 | 0x10;
    const MINIMUM: u64 = 0x20;
    const MAXIMUM: u64 = 0x40;
    set(Attributes {
        flags: KEEP_ALL | MINIMUM | MAXIMUM,
        least_utilisation: 100,
        most_utilisation: 700,
        ..get()
    });
    let before = get();
    same("set", &(100, 700), &(before.least_utilisation, before.most_utilisation));
    checkpoint_here();
    same("attributes", &before, &get());
}
