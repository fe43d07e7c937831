// SPDX-License-Identifier: GPL-2.0

//! Fact: the time slice that a program asked for comes back once a program that is a real-time one
//! now is an ordinary one again.
//!
//! Could break: the kernel keeps it meanwhile, but tells it of ordinary programs only.

use ckpt_support::{checkpoint_here, same};

use super::scheduled::{be_ordinary, get, set, Attributes};

pub fn run() {
    set(Attributes {
        nice: 2,
        runtime: 5_000_000,
        ..Attributes::default()
    });
    let ordinary = get();
    same("slice", &5_000_000, &ordinary.runtime);
    set(Attributes {
        policy: libc::SCHED_FIFO as u32,
        priority: 3,
        ..Attributes::default()
    });
    let before = get();
    checkpoint_here();
    same("attributes", &before, &get());
    be_ordinary();
    same("ordinary again", &ordinary, &get());
}
