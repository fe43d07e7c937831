// SPDX-License-Identifier: GPL-2.0

//! Fact: the scheduling policy "batch" comes back, and "reset on fork" with it.
//!
//! Could break: the flag is apart from the policy.

use ckpt_support::{checkpoint_here, must, same};

pub fn run() {
    let policy = libc::SCHED_BATCH | libc::SCHED_RESET_ON_FORK;
    // SAFETY: reads one sched_param.
    unsafe {
        let mut parameters: libc::sched_param = std::mem::zeroed();
        parameters.sched_priority = 0;
        must(
            "sched_setscheduler",
            libc::sched_setscheduler(0, policy, &parameters),
        );
        checkpoint_here();
        same("policy", &policy, &libc::sched_getscheduler(0));
    }
}
