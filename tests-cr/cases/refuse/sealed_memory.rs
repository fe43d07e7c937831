// SPDX-License-Identifier: GPL-2.0

//! Fact: memory that is sealed against changes is refused, by address.
//!
//! Could break: nothing shows the seal until somebody tries to break it.

use ckpt_support::{anonymous, checkpoint_here, expect_refusal_at, must, page_size, raw};

pub fn run() {
    const SYS_MSEAL: i64 = 462;
    let memory = anonymous(page_size());
    must(
        "mseal",
        raw(SYS_MSEAL, &[memory.page_address(0), page_size(), 0]),
    );
    expect_refusal_at("AreaFlags|AreaKind", memory.page_address(0), "");
    checkpoint_here();
}
