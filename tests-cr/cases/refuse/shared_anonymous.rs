// SPDX-License-Identifier: GPL-2.0

//! Fact: shared anonymous memory is refused, by address.
//!
//! Could break: it is a file without a name.

use ckpt_support::{check, checkpoint_here, expect_refusal_at, page_size, Mapping};

pub fn run() {
    let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::new(4 * page_size(), rights, flags, -1, 0);
    memory.page(1)[0] = 9;
    expect_refusal_at("AreaKind|FileKind", memory.page_address(0), "");
    checkpoint_here();
    check(memory.page(1)[0] == 9, "the content is gone");
}
