// SPDX-License-Identifier: GPL-2.0

//! Fact: the wish to lock all future memory (mlockall) is refused.
//!
//! Could break: it is in the address space, not in its areas.

use ckpt_support::{checkpoint_here, expect_refusal, must};

pub fn run() {
    // SAFETY: takes no pointer.
    must("lock_future", unsafe {
        libc::mlockall(libc::MCL_FUTURE | libc::MCL_ONFAULT)
    });
    expect_refusal("TaskFeature", "mlockall");
    checkpoint_here();
}
