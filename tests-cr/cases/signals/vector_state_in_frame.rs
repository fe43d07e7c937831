// SPDX-License-Identifier: GPL-2.0

//! Fact: vector registers of the interrupted code survive a checkpoint inside the handler.
//!
//! Could break: they are in the signal frame then, whose size the kernel computes from the CPU.

use ckpt_support::{checkpoint_here, must, same};

extern "C" fn wait_inside(_: i32) {
    checkpoint_here();
}

pub fn run() {
    // SAFETY: the trap is raised by the program itself, in a place where anything may be called.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = wait_inside as extern "C" fn(i32) as usize;
        must(
            "sigaction",
            libc::sigaction(libc::SIGTRAP, &action, std::ptr::null_mut()),
        );
        let values = [0x0123_4567_89ab_cdefu64, 0xfedc_ba98_7654_3210];
        let mut held = [0u64; 2];
        // The handler keeps nothing: it is as if the instruction did nothing.
        std::arch::asm!(
            "movups xmm9, [{values}]",
            "sub rsp, 128",
            "int3",
            "add rsp, 128",
            "movups [{held}], xmm9",
            values = in(reg) &values,
            held = in(reg) &mut held,
            out("xmm9") _,
        );
        same("xmm9", &values, &held);
    }
}
