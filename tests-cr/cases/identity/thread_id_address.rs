// SPDX-License-Identifier: GPL-2.0

//! Fact: the address that the kernel clears when the thread ends is the same.
//!
//! Could break: pthread_join would wait for ever; only a prctl shows it.

use ckpt_support::{checkpoint_here, must, raw, same};

const PR_GET_TID_ADDRESS: i32 = 40;

pub fn run() {
    let word = Box::leak(Box::new(0u32));
    let address = &raw mut *word as usize;
    must(
        "set_tid_address",
        raw(libc::SYS_set_tid_address, &[address]),
    );
    let mut found = 0usize;
    checkpoint_here();
    // SAFETY: writes one address.
    must("PR_GET_TID_ADDRESS", unsafe {
        libc::prctl(PR_GET_TID_ADDRESS, &raw mut found)
    });
    same("address", &address, &found);
}
