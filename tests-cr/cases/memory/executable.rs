// SPDX-License-Identifier: GPL-2.0

//! Fact: code that a program has made itself (a just-in-time compiler) comes back and runs.
//!
//! Could break: executable anonymous memory is rare, and a restart that maps it without the right
//! to
//! execute is only found out when it is called.

use ckpt_support::{anonymous, checkpoint_here, page_size, same};

/// mov eax, 42; ret
const CODE: [u8; 6] = [0xb8, 42, 0, 0, 0, 0xc3];

pub fn run() {
    let memory = anonymous(page_size());
    memory.page(0)[..CODE.len()].copy_from_slice(&CODE);
    memory.protect(0, 1, libc::PROT_READ | libc::PROT_EXEC);
    // SAFETY: the bytes are a function with this signature.
    let function: extern "C" fn() -> i32 = unsafe { std::mem::transmute(memory.pointer()) };
    checkpoint_here();
    same("result", &42, &function());
}
