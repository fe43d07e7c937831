// SPDX-License-Identifier: GPL-2.0

//! Fact: shared memory that is mapped several times, with other rights and from elsewhere on, is
//! still one piece of memory.
//!
//! Could break: every area restored as an object of its own.

use ckpt_support::{check, checkpoint_here, must_ptr, page_size, Mapping};

fn again(memory: &Mapping, from: usize, pages: usize) -> Mapping {
    // SAFETY: with an old size of zero the mapping stays, and another one appears.
    let address = must_ptr("mremap", unsafe {
        let start = memory.page_address(from) as *mut libc::c_void;
        libc::mremap(start, 0, pages * page_size(), libc::MREMAP_MAYMOVE)
    });
    Mapping::at(address, pages * page_size())
}

pub fn run() {
    let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::new(8 * page_size(), rights, flags, -1, 0);
    let window = again(&memory, 2, 3);
    let reader = again(&memory, 0, 8);
    reader.protect(0, 8, libc::PROT_READ);
    memory.protect(7, 1, libc::PROT_NONE);
    memory.page(2)[0] = 2;
    window.page(2)[0] = 4;
    checkpoint_here();
    check(window.page(0)[0] == 2, "the window shows something else");
    check(memory.page(4)[0] == 4, "the memory shows something else");
    memory.page(3)[1] = 33;
    check(window.page(1)[1] == 33, "a write is not seen in the window");
    check(reader.page(3)[1] == 33, "a write is not seen by the reader");
    window.page(2)[2] = 44;
    check(memory.page(4)[2] == 44, "a write in the window is not seen");
    reader.protect(7, 1, rights);
    reader.page(7)[0] = 77;
    memory.protect(7, 1, rights);
    check(memory.page(7)[0] == 77, "what was protected is not shared");
}
