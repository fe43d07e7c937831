// SPDX-License-Identifier: GPL-2.0

//! Fact: memory that was moved with MREMAP_DONTUNMAP is in its new place, and the old one is
//! empty and still there.
//!
//! Could break: moved memory keeps an offset that no mmap would give it.

use ckpt_support::{anonymous, check, checkpoint_here, must_ptr, page_size};

pub fn run() {
    const MREMAP_DONTUNMAP: i32 = 4;
    let memory = anonymous(4 * page_size());
    memory.page(1).fill(b'm');
    let size = 4 * page_size();
    let flags = libc::MREMAP_MAYMOVE | MREMAP_DONTUNMAP;
    // SAFETY: our own memory.
    let new = must_ptr("mremap", unsafe { libc::mremap(memory.pointer(), size, size, flags, std::ptr::null::<u8>()) });
    checkpoint_here();
    check(memory.page(1).iter().all(|&byte| byte == 0), "the old place is not empty");
    // SAFETY: the new place is as large.
    unsafe {
        check(new.add(page_size() + 5).read_volatile() == b'm', "the content differs");
        // Growing it in place or elsewhere must work as before.
        let flags = libc::MREMAP_MAYMOVE;
        let grown = must_ptr("mremap", libc::mremap(new.cast(), size, 2 * size, flags));
        check(grown.add(page_size() + 5).read_volatile() == b'm', "the grown content differs");
        grown.add(size).write_volatile(1);
    }
}
