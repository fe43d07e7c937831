// SPDX-License-Identifier: GPL-2.0

//! Fact: sealed memory (mseal) is still sealed, and only that.
//!
//! Could break: nothing shows the seal until somebody tries to break it; and it has to come after
//! everything else that is done to the area.

use ckpt_support::{anonymous, check, checkpoint_here, must, page_size, raw, same};

const SYS_MSEAL: i64 = 462;

fn is_refused(result: i64) -> bool {
    result == -1 && ckpt_support::errno() == libc::EPERM
}

pub fn run() {
    let memory = anonymous(6 * page_size());
    for page in 0..6 {
        memory.page(page).fill(page as u8 + 1);
    }
    memory.protect(2, 1, libc::PROT_READ);
    // SAFETY: our own memory.
    must("mlock", unsafe {
        libc::mlock(memory.pointer().byte_add(3 * page_size()), page_size())
    });
    let call = [memory.page_address(1), 3 * page_size(), 0];
    must("mseal", raw(SYS_MSEAL, &call));
    checkpoint_here();
    for page in 0..6 {
        same("content", &(page as u8 + 1), &memory.page(page)[9]);
    }
    for page in 1..4 {
        let at = memory.page_address(page);
        let unmap = raw(libc::SYS_munmap, &[at, page_size()]);
        check(is_refused(unmap), "sealed memory can be unmapped");
        let protect = raw(libc::SYS_mprotect, &[at, page_size(), 7]);
        check(is_refused(protect), "sealed memory can be made executable");
    }
    let discard = [memory.page_address(2), page_size(), libc::MADV_DONTNEED as usize];
    let discarded = raw(libc::SYS_madvise, &discard);
    check(is_refused(discarded), "sealed read-only memory can be discarded");
    memory.page(1).fill(b'w');
    memory.unmap(0, 1);
    memory.unmap(4, 2);
}
