// SPDX-License-Identifier: GPL-2.0

//! Fact: a registration for membarrier is refused.
//!
//! Could break: it is in the address space, and nothing shows it.

use ckpt_support::{checkpoint_here, expect_refusal, must};

pub fn run() {
    // SAFETY: takes no pointer.
    must("membarrier_registration", unsafe {
        libc::syscall(
            libc::SYS_membarrier,
            libc::MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED,
            0,
            0,
        )
    });
    expect_refusal("TaskFeature", "membarrier");
    checkpoint_here();
}
