// SPDX-License-Identifier: GPL-2.0

//! Fact: a task in a pid namespace whose first process is not in the cgroup is refused.
//!
//! Could break: without that process there is no such namespace.

use ckpt_support::{checkpoint_here, expect_refusal, must};

use crate::pids::inside::{enter, first, outside, sleep};
use crate::tasks::relatives::{child, end_of};

pub fn run() {
    let init = outside(|| first(sleep));
    enter(init);
    let inside = child(sleep);
    expect_refusal("TaskPidSpace", "first");
    checkpoint_here();
    for pid in [inside, init] {
        // SAFETY: takes no address.
        must("kill", unsafe { libc::kill(pid, libc::SIGKILL) });
    }
    end_of(inside);
}
