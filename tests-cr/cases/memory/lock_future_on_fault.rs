// SPDX-License-Identifier: GPL-2.0

//! Fact: mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) holds, and populates nothing.
//!
//! Could break: restoring locked memory is what populates it.

use ckpt_support::{anonymous, check, checkpoint_here, must, page_size};

pub fn run() {
    let memory = anonymous(64 * page_size());
    memory.page(1).fill(b'l');
    memory.page(2).fill(0);
    let flags = libc::MCL_CURRENT | libc::MCL_FUTURE | libc::MCL_ONFAULT;
    // SAFETY: takes no pointer.
    must("mlockall", unsafe { libc::mlockall(flags) });
    checkpoint_here();
    let resident = |memory: &ckpt_support::Mapping| {
        let mut pages = vec![0u8; memory.pages()];
        // SAFETY: as many bytes as pages.
        must("mincore", unsafe {
            libc::mincore(memory.pointer(), memory.pages() * page_size(), pages.as_mut_ptr())
        });
        pages.iter().map(|page| page & 1 == 1).collect::<Vec<_>>()
    };
    let old = resident(&memory);
    check(old[1] && old[2], "what was locked is not resident");
    check(old[3..].iter().all(|page| !page), "what was not there is");
    let new = anonymous(8 * page_size());
    check(resident(&new).iter().all(|page| !page), "new memory is populated");
    new.page(3).fill(1);
    check(memory.page(1)[2] == b'l', "the content differs");
}
