// SPDX-License-Identifier: GPL-2.0

//! Fact: segments in a local descriptor table are refused.
//!
//! Could break: they are part of the address space.

use ckpt_support::{checkpoint_here, expect_refusal, must, raw};

pub fn run() {
    // struct user_desc: entry 0, base, limit, 32-bit data.
    let entry = [0u32, 0x1000, 0xfff, 1];
    must(
        "modify_ldt",
        raw(libc::SYS_modify_ldt, &[1, entry.as_ptr() as usize, 16]),
    );
    expect_refusal("TaskFeature|AddressSpaceFeature", "table");
    checkpoint_here();
}
