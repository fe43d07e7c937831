// SPDX-License-Identifier: GPL-2.0

//! Fact: restored memory can be moved and enlarged with mremap, with its content.
//!
//! Could break: moving page tables takes the area's reverse mapping to be consistent.

use ckpt_support::{anonymous, check, checkpoint_here, must_ptr, page_size};

pub fn run() {
    let memory = anonymous(16 * page_size());
    for index in 0..16 {
        memory.page(index).fill(index as u8 + 1);
    }
    checkpoint_here();
    // SAFETY: our own mapping, not used at its old place afterwards.
    let moved = must_ptr("mremap", unsafe {
        let flags = libc::MREMAP_MAYMOVE;
        libc::mremap(
            memory.pointer(),
            16 * page_size(),
            4096 * page_size(),
            flags,
        )
    });
    for index in 0..17 {
        // SAFETY: inside the moved mapping.
        let byte = unsafe { moved.add(index * page_size() + 99).read_volatile() };
        check(
            usize::from(byte) == (index + 1) % 17,
            &format!("page {index} holds {byte}"),
        );
    }
}
