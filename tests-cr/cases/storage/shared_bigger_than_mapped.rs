// SPDX-License-Identifier: GPL-2.0

//! Fact: what shared memory holds beyond the part that is still mapped comes back too.
//!
//! Could break: saving only what areas show.

use ckpt_support::{check, checkpoint_here, must_ptr, page_size, Mapping};

pub fn run() {
    let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::new(6 * page_size(), rights, flags, -1, 0);
    memory.page(0)[0] = 1;
    memory.page(5)[0] = 6;
    memory.unmap(1, 5);
    checkpoint_here();
    check(memory.page(0)[0] == 1, "the first page is gone");
    // SAFETY: a larger mapping of the same object, wherever there is room.
    let address = must_ptr("mremap", unsafe {
        libc::mremap(memory.pointer(), 0, 6 * page_size(), libc::MREMAP_MAYMOVE)
    });
    let whole = Mapping::at(address, 6 * page_size());
    check(whole.page(0)[0] == 1, "it is another object");
    check(whole.page(5)[0] == 6, "what was not mapped is gone");
}
