// SPDX-License-Identifier: GPL-2.0

//! Fact: mlockall(MCL_FUTURE) holds: what is mapped later is locked, and resident.
//!
//! Could break: it is in the address space, not in its areas, and must not lock what was mapped
//! before it.

use ckpt_support::{anonymous, check, checkpoint_here, must, page_size, same};

fn locked() -> usize {
    let status = String::from_utf8(ckpt_support::proc_self("status")).expect("text");
    let line = status.lines().find(|line| line.starts_with("VmLck"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

pub fn run() {
    let free = anonymous(4 * page_size());
    // SAFETY: takes no pointer.
    must("mlockall", unsafe { libc::mlockall(libc::MCL_FUTURE) });
    let memory = anonymous(4 * page_size());
    memory.page(1).fill(b'l');
    let before = locked();
    checkpoint_here();
    same("locked", &before, &locked());
    let new = anonymous(8 * page_size());
    same("locked with new memory", &(before + 8 * page_size() / 1024), &locked());
    let mut resident = [0u8; 8];
    // SAFETY: eight pages, eight bytes.
    must("mincore", unsafe {
        libc::mincore(new.pointer(), 8 * page_size(), resident.as_mut_ptr())
    });
    check(resident.iter().all(|page| page & 1 == 1), "new memory is not resident");
    check(memory.page(1)[2] == b'l', "the content differs");
    free.page(0)[0] = 1;
    // SAFETY: takes no pointer.
    must("munlockall", unsafe { libc::munlockall() });
    same("locked in the end", &0, &locked());
}
