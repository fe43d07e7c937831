// SPDX-License-Identifier: GPL-2.0

//! Fact: memory at address zero, which only root may map, comes back.
//!
//! Could break: the kernel keeps everybody else away from it (vm.mmap_min_addr).

use ckpt_support::{checkpoint_here, must_ptr, page_size, same};

pub fn run() {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: nothing of ours is at address zero.
    must_ptr("mmap", unsafe {
        libc::mmap(std::ptr::null_mut(), 2 * page_size(), rights, flags, -1, 0)
    });
    let byte = 9 as *mut u8;
    // SAFETY: mapped above.
    unsafe { byte.write_volatile(b'z') };
    checkpoint_here();
    // SAFETY: as above.
    same("content", &b'z', &unsafe { byte.read_volatile() });
}
