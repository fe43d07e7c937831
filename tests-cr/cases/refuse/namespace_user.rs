// SPDX-License-Identifier: GPL-2.0

//! Fact: a user namespace of its own is refused.
//!
//! Could break: the container would come back in the restarter's.

use ckpt_support::{checkpoint_here, expect_refusal, may_also_refuse, must};

pub fn run() {
    // SAFETY: takes no pointer.
    must("unshare", unsafe { libc::unshare(libc::CLONE_NEWUSER) });
    expect_refusal("TaskNamespace", "user");
    // Without a mapping no id has a number in it.
    may_also_refuse("TaskIds");
    checkpoint_here();
}
