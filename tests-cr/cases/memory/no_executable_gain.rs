// SPDX-License-Identifier: GPL-2.0

//! Fact: PR_SET_MDWE, which can never be taken back, holds; what was writable and executable before
//! still is.
//!
//! Could break: it has to be set after areas that it would not have allowed.

use ckpt_support::{anonymous, check, checkpoint_here, must, page_size, same};

pub fn run() {
    let all = libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC;
    let memory = anonymous(2 * page_size());
    memory.page(0).fill(0xc3);
    memory.protect(0, 1, all);
    memory.page(1).fill(1);
    let bits = libc::PR_MDWE_REFUSE_EXEC_GAIN | libc::PR_MDWE_NO_INHERIT;
    // SAFETY: takes no pointer.
    let get = || unsafe { libc::prctl(libc::PR_GET_MDWE, 0, 0, 0, 0) };
    // SAFETY: as above.
    must("prctl", unsafe { libc::prctl(libc::PR_SET_MDWE, bits, 0, 0, 0) });
    let before = get();
    checkpoint_here();
    same("PR_GET_MDWE", &before, &get());
    // SAFETY: our own memory, and a function that returns at once.
    unsafe {
        let at = memory.pointer().byte_add(page_size());
        check(libc::mprotect(at, page_size(), all) == -1, "memory can be made executable");
        let function: extern "C" fn() = std::mem::transmute(memory.pointer());
        function();
        memory.page(0)[1] = 0xc3;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        let new = libc::mmap(std::ptr::null_mut(), page_size(), all, flags, -1, 0);
        check(new == libc::MAP_FAILED, "memory that is writable and executable can be made");
        check(libc::prctl(libc::PR_SET_MDWE, 0, 0, 0, 0) == -1, "it can be taken back");
    }
}
