// SPDX-License-Identifier: GPL-2.0

//! Fact: guard pages (MADV_GUARD_INSTALL) are refused.
//!
//! Could break: they are marks in page tables, not areas.

use ckpt_support::{anonymous, checkpoint_here, expect_refusal, page_size};

pub fn run() {
    const MADV_GUARD_INSTALL: i32 = 102;
    let memory = anonymous(4 * page_size());
    memory.page(0)[0] = 1;
    memory.advise(2, 1, MADV_GUARD_INSTALL);
    expect_refusal(
        "AreaKind|AreaFlags|PageUnreadable|AddressSpaceFeature",
        "guard",
    );
    checkpoint_here();
}
