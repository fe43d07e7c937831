// SPDX-License-Identifier: GPL-2.0

//! Fact: shared memory of huge pages is refused, by address.
//!
//! Could break: it is a file of another file system, in pages of another size.

use ckpt_support::{check, checkpoint_here, expect_refusal_at, Mapping};

pub fn run() {
    let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS | libc::MAP_HUGETLB;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::new(2 << 20, rights, flags, -1, 0);
    memory.page(3)[0] = 3;
    expect_refusal_at("AreaKind", memory.page_address(0), "huge");
    checkpoint_here();
    check(memory.page(3)[0] == 3, "the content is gone");
}
