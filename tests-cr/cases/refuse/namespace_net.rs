// SPDX-License-Identifier: GPL-2.0

//! Fact: a net namespace of its own is refused.
//!
//! Could break: the container would come back in the restarter's.

use ckpt_support::{checkpoint_here, expect_refusal, must};

pub fn run() {
    // SAFETY: takes no pointer.
    must("unshare", unsafe { libc::unshare(libc::CLONE_NEWNET) });
    expect_refusal("TaskNamespace", "net");
    checkpoint_here();
}
