// SPDX-License-Identifier: GPL-2.0

//! Fact: the deadline policy comes back with its parameters, and with the time slice that the
//! program will have when it is an ordinary one again.
//!
//! Could break: its bandwidth must be admitted by the machine; the slice is kept, but not told.

use ckpt_support::{checkpoint_here, same};

use super::scheduled::{be_ordinary, get, set, Attributes};

pub fn run() {
    const SCHED_DEADLINE: u32 = 6;
    const RESET_ON_FORK: u64 = 0x01;
    const RECLAIM: u64 = 0x02;
    set(Attributes {
        runtime: 5_000_000,
        ..Attributes::default()
    });
    let slice = get().runtime;
    set(Attributes {
        policy: SCHED_DEADLINE,
        flags: RESET_ON_FORK | RECLAIM,
        runtime: 10_000_000,
        deadline: 80_000_000,
        period: 100_000_000,
        ..Attributes::default()
    });
    let before = get();
    checkpoint_here();
    same("attributes", &before, &get());
    be_ordinary();
    same("slice", &slice, &get().runtime);
}
