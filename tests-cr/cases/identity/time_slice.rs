// SPDX-License-Identifier: GPL-2.0

//! Fact: the time slice that an ordinary program asked for comes back.
//!
//! Could break: it is one number of several that only some policies use.

use ckpt_support::{checkpoint_here, same};

use super::scheduled::{get, set, Attributes};

pub fn run() {
    set(Attributes {
        nice: 3,
        runtime: 5_000_000,
        ..Attributes::default()
    });
    let before = get();
    same("slice", &5_000_000, &before.runtime);
    checkpoint_here();
    same("attributes", &before, &get());
}
