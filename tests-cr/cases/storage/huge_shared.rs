// SPDX-License-Identifier: GPL-2.0

//! Fact: shared memory of huge pages (MAP_SHARED | MAP_HUGETLB) comes back as such: content, holes,
//! everything that maps it, also a private mapping of it.
//!
//! Could break: it is a file of another file system that looks like the one behind private memory, in
//! pages of another size, and has no write(2).

use std::fs::File;

use ckpt_support::{can_write, check, checkpoint_here, page_size, same, Mapping, HUGE};

pub fn run() {
    let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS | libc::MAP_HUGETLB;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::new(4 * HUGE, rights, flags, -1, 0);
    let per_page = HUGE / page_size();
    memory.page(3).fill(3);
    memory.page(per_page - 1).fill(7);
    memory.page(2 * per_page + 1).fill(9);
    let last = memory.huge(3, 1);
    memory.protect(3 * per_page, per_page, libc::PROT_READ);
    let file = File::options()
        .read(true)
        .write(true)
        .open(memory.huge(0, 3).map_file())
        .expect("its file");
    let window = Mapping::of_file(&file, HUGE, rights, libc::MAP_SHARED);
    let no_reserve = libc::MAP_PRIVATE | libc::MAP_NORESERVE;
    let own = Mapping::of_file(&file, 3 * HUGE, rights, no_reserve);
    own.page(per_page + 5).fill(1);
    let loose = Mapping::new(HUGE, rights, flags | libc::MAP_NORESERVE, -1, 0);
    let parts = [&memory.huge(0, 3), &last, &window, &own, &loose];
    let signs = || parts.map(|part| (part.signs(), part.maps_line()));
    let before = signs();
    checkpoint_here();
    same("what smaps and maps say", &before, &signs());
    let filled = |page: &[u8], byte| page.iter().all(|&other| other == byte);
    check(filled(memory.page(3), 3), "the content differs");
    check(
        filled(memory.page(per_page - 1), 7),
        "the content of the end differs",
    );
    check(
        filled(memory.page(2 * per_page + 1), 9),
        "the content of the last differs",
    );
    check(
        !can_write(last.page_address(0)),
        "read-only memory can be written",
    );
    check(
        filled(own.page(per_page + 5), 1),
        "the private content differs",
    );
    check(
        own.page(3)[0] == 3,
        "the private mapping does not show what is shared",
    );
    memory.page(per_page + 5).fill(2);
    check(
        filled(own.page(per_page + 5), 1),
        "the private mapping is shared",
    );
    window.page(3)[0] = 4;
    check(memory.page(3)[0] == 4, "the mappings are apart");
    own.page(3)[0] = 5;
    check(window.page(3)[0] == 4, "what is private is seen by others");
}
