// SPDX-License-Identifier: GPL-2.0

//! Fact: a process that waits for a vfork child outside is refused.
//!
//! Could break: it counts as frozen, and would never hear of the end of that child.

use ckpt_support::{expect_refusal, ready, wait_for_go};

use crate::vfork::borrowed::vfork;

pub fn run() {
    expect_refusal("TaskChildren", "outside");
    vfork(|| {
        std::fs::write("/sys/fs/cgroup/cgroup.procs", "0").expect("another cgroup");
        ready();
        wait_for_go();
        0
    });
}
