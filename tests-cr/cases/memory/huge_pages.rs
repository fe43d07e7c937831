// SPDX-License-Identifier: GPL-2.0

//! Fact: private memory of huge pages (MAP_HUGETLB) comes back as such, with its content.
//!
//! Could break: it is a file of another file system, in pages of another size; what is read-only
//! cannot be written by the kernel either.

use ckpt_support::{can_write, check, checkpoint_here, same, Mapping, HUGE};

pub fn run() {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_HUGETLB;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::new(4 * HUGE, rights, flags, -1, 0);
    let per_page = HUGE / ckpt_support::page_size();
    memory.page(3).fill(3);
    memory.page(per_page - 1).fill(7);
    memory.page(2 * per_page).fill(9);
    // The second was only read, the last never touched.
    check(memory.page(per_page + 5)[0] == 0, "not empty");
    memory.protect(2 * per_page, per_page, libc::PROT_READ);
    let reserved = Mapping::new(HUGE, rights, flags | libc::MAP_NORESERVE, -1, 0);
    let parts = [
        memory.huge(0, 2),
        memory.huge(2, 1),
        memory.huge(3, 1),
        reserved,
    ];
    let signs = || parts.each_ref().map(Mapping::signs);
    let before = signs();
    checkpoint_here();
    same("what smaps says", &before, &signs());
    check(
        memory.page(3).iter().all(|&byte| byte == 3),
        "the content differs",
    );
    check(
        memory.page(per_page - 1)[9] == 7,
        "the content of the end differs",
    );
    check(
        memory.page(2 * per_page)[9] == 9,
        "the read-only content differs",
    );
    check(
        !can_write(memory.page_address(2 * per_page)),
        "read-only memory can be written",
    );
    memory.page(3 * per_page + 1).fill(1);
    memory.page(per_page + 5).fill(2);
    check(memory.page(per_page + 5)[0] == 2, "it cannot be written");
}
