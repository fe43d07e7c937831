// SPDX-License-Identifier: GPL-2.0

//! Fact: a mapping of a huge page is refused, by address.
//!
//! Could break: it is a file of another file system, in pages of another size.

use ckpt_support::{check, checkpoint_here, expect_refusal_at, may_also_refuse, Mapping};

pub fn run() {
    std::fs::write("/proc/sys/vm/nr_hugepages", "4").expect("nr_hugepages");
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_HUGETLB;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::new(2 << 20, rights, flags, -1, 0);
    memory.page(3)[0] = 3;
    expect_refusal_at("AreaFlags|AreaKind", memory.page_address(0), "");
    // Behind it is a file of the kernel's own.
    may_also_refuse("FileKind");
    checkpoint_here();
    check(memory.page(3)[0] == 3, "the content is gone");
}
