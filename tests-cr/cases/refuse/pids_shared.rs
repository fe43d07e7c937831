// SPDX-License-Identifier: GPL-2.0

//! Fact: a pid namespace inside of the container that a task outside is in too is refused.
//!
//! Could break: it would come to an end with the container, or have lost somebody after a restart.

use ckpt_support::{checkpoint_here, expect_refusal, must};

use crate::pids::inside::{enter, first, outside, sleep};
use crate::tasks::relatives::{child, end_of};

pub fn run() {
    let init = first(sleep);
    let guest = outside(|| {
        enter(init);
        child(sleep)
    });
    expect_refusal("TaskPidSpaceShared", "pids");
    checkpoint_here();
    for pid in [guest, init] {
        // SAFETY: takes no address.
        must("kill", unsafe { libc::kill(pid, libc::SIGKILL) });
    }
    end_of(init);
}
