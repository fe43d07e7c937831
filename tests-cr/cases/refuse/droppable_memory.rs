// SPDX-License-Identifier: GPL-2.0

//! Fact: memory that the kernel may drop is refused, by address.
//!
//! Could break: it needs a flag that cannot be given later.

use ckpt_support::{checkpoint_here, expect_refusal_at, page_size, Mapping};

pub fn run() {
    const MAP_DROPPABLE: i32 = 8;
    let flags = MAP_DROPPABLE | libc::MAP_ANONYMOUS;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::new(page_size(), rights, flags, -1, 0);
    expect_refusal_at("AreaFlags|AreaKind", memory.page_address(0), "");
    checkpoint_here();
}
