// SPDX-License-Identifier: GPL-2.0

//! Fact: an alternate stack that was registered with SS_ONSTACK, which the kernel accepts, comes back.
//!
//! Could break: the kernel keeps this flag, though it means nothing.

use ckpt_support::{anonymous, checkpoint_here, must, page_size, same};

pub fn run() {
    let size = 16 * page_size();
    let memory = anonymous(size);
    // SAFETY: the stack is memory of ours that lives on.
    unsafe {
        let stack = libc::stack_t {
            ss_sp: memory.pointer(),
            ss_flags: libc::SS_ONSTACK,
            ss_size: size,
        };
        let set = libc::sigaltstack(&stack, std::ptr::null_mut());
        must("sigaltstack", set);
        checkpoint_here();
        let mut now: libc::stack_t = std::mem::zeroed();
        let got = libc::sigaltstack(std::ptr::null(), &mut now);
        must("sigaltstack", got);
        same("base", &stack.ss_sp, &now.ss_sp);
        same("size", &size, &now.ss_size);
        same("flags", &0, &now.ss_flags);
    }
}
