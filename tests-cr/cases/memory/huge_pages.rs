// SPDX-License-Identifier: GPL-2.0

//! Fact: private memory of huge pages (MAP_HUGETLB) comes back as such, with its content.
//!
//! Could break: it is a file of another file system, in pages of another size; what is read-only
//! cannot be written by the kernel either.

use ckpt_support::{can_write, check, checkpoint_here, same, Mapping};

const SIZE: usize = 2 << 20;

fn signs(address: usize) -> String {
    let smaps = String::from_utf8(ckpt_support::proc_self("smaps")).expect("text");
    let start = format!("{address:x}-");
    let area = smaps.lines().skip_while(|line| !line.starts_with(&start));
    let lines = area.skip(1).take(24);
    let mut wanted = lines.filter(|line| {
        line.starts_with("VmFlags:") || line.starts_with("KernelPageSize:")
    });
    format!("{:?} {:?}", wanted.next(), wanted.next()).replace(" sd", "")
}

pub fn run() {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_HUGETLB;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::new(4 * SIZE, rights, flags, -1, 0);
    let per_page = SIZE / ckpt_support::page_size();
    memory.page(3).fill(3);
    memory.page(per_page - 1).fill(7);
    memory.page(2 * per_page).fill(9);
    // The second was only read, the last never touched.
    check(memory.page(per_page + 5)[0] == 0, "not empty");
    memory.protect(2 * per_page, per_page, libc::PROT_READ);
    let reserved = Mapping::new(SIZE, rights, flags | libc::MAP_NORESERVE, -1, 0);
    let places = [
        memory.page_address(0),
        memory.page_address(2 * per_page),
        memory.page_address(3 * per_page),
        reserved.page_address(0),
    ];
    let before = places.map(signs);
    checkpoint_here();
    same("what smaps says", &before, &places.map(signs));
    check(memory.page(3).iter().all(|&byte| byte == 3), "the content differs");
    check(memory.page(per_page - 1)[9] == 7, "the content of the end differs");
    check(memory.page(2 * per_page)[9] == 9, "the read-only content differs");
    check(!can_write(memory.page_address(2 * per_page)), "read-only memory can be written");
    memory.page(3 * per_page + 1).fill(1);
    memory.page(per_page + 5).fill(2);
    check(memory.page(per_page + 5)[0] == 2, "it cannot be written");
}
