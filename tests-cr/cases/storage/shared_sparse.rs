// SPDX-License-Identifier: GPL-2.0

//! Fact: a large shared mapping with little in it costs little, and its holes stay holes.
//!
//! Could break: walking every page of it, or filling what was empty.

use ckpt_support::{check, checkpoint_here, page_size, resident_shared, same, Mapping};

const SIZE: usize = 1 << 36;

pub fn run() {
    let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::new(SIZE, rights, flags, -1, 0);
    let last = memory.pages() - 1;
    for page in [0, last / 2, last] {
        memory.page(page)[page_size() - 1] = 3;
    }
    let line = memory.maps_line();
    let resident = resident_shared();
    checkpoint_here();
    same("its line in maps", &line, &memory.maps_line());
    check(
        resident_shared() <= resident + 64,
        "holes have become pages",
    );
    for page in [0, last / 2, last] {
        check(memory.page(page)[page_size() - 1] == 3, "a page is gone");
    }
    check(memory.page(last / 3)[0] == 0, "a hole is not zero");
}
