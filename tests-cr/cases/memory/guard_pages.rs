// SPDX-License-Identifier: GPL-2.0

//! Fact: guard pages (MADV_GUARD_INSTALL) still refuse every access, and can be taken away.
//!
//! Could break: they are marks in page tables, not areas; they may lie over content, over a file,
//! and in memory that was locked later.

use ckpt_support::{
    anonymous, can_read, can_write, check, checkpoint_here, file_with, must, page_size, same,
    Mapping,
};

const MADV_GUARD_INSTALL: i32 = 102;
const MADV_GUARD_REMOVE: i32 = 103;

/// Which pages can be read.
fn readable(memory: &Mapping) -> Vec<bool> {
    let pages = 0..memory.pages();
    pages.map(|page| can_read(memory.page_address(page))).collect()
}

pub fn run() {
    let memory = anonymous(16 * page_size());
    for page in 0..16 {
        memory.page(page).fill(page as u8 + 1);
    }
    memory.advise(2, 3, MADV_GUARD_INSTALL);
    memory.advise(9, 1, MADV_GUARD_INSTALL);
    memory.advise(15, 1, MADV_GUARD_INSTALL);

    // Alternate ones: more runs than anybody looks at in one go.
    let striped = anonymous(400 * page_size());
    for page in (0..400).step_by(2) {
        striped.advise(page, 1, MADV_GUARD_INSTALL);
    }

    let file = file_with("guarded", &vec![b'f'; 4 * page_size()]);
    let over_file = Mapping::of_file(
        &file,
        4 * page_size(),
        libc::PROT_READ | libc::PROT_WRITE,
        libc::MAP_PRIVATE,
    );
    over_file.page(0).fill(b'm');
    over_file.advise(1, 2, MADV_GUARD_INSTALL);

    let locked = anonymous(4 * page_size());
    locked.advise(1, 1, MADV_GUARD_INSTALL);
    // SAFETY: our own memory; it fails at the guard page, and locks all the same.
    unsafe { libc::mlock(locked.pointer(), 4 * page_size()) };

    // Taken away before: only a trace of them is left.
    let former = anonymous(2 * page_size());
    former.advise(0, 1, MADV_GUARD_INSTALL);
    former.advise(0, 1, MADV_GUARD_REMOVE);
    former.page(0).fill(b'n');

    let all = [&memory, &striped, &over_file, &locked, &former];
    let before = all.map(readable);
    checkpoint_here();
    same("pages that can be read", &before, &all.map(readable));
    check(!can_write(memory.page_address(3)), "a guard page can be written");
    for page in [0, 1, 5, 8, 10, 14] {
        let all = memory.page(page).iter().all(|&byte| byte == page as u8 + 1);
        check(all, "the content beside guard pages differs");
    }
    check(over_file.page(0)[7] == b'm' && over_file.page(3)[7] == b'f', "the file differs");
    check(former.page(0)[1] == b'n', "the content without guard pages differs");

    memory.advise(2, 3, MADV_GUARD_REMOVE);
    check(memory.page(3).iter().all(|&byte| byte == 0), "not empty without its guard");
    over_file.advise(1, 2, MADV_GUARD_REMOVE);
    check(over_file.page(1)[3] == b'f', "the file does not show without its guard");
    memory.advise(7, 1, MADV_GUARD_INSTALL);
    check(!can_read(memory.page_address(7)), "no new guard page");
    locked.advise(1, 1, MADV_GUARD_REMOVE);
    // SAFETY: as above.
    must("munlock", unsafe { libc::munlock(locked.pointer(), 4 * page_size()) });
}
