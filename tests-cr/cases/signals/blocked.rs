// SPDX-License-Identifier: GPL-2.0

//! Fact: the mask of blocked signals comes back, real-time signals included.
//!
//! Could break: a restart blocks signals for its own sake.

use ckpt_support::{checkpoint_here, must, raw, same};

fn blocked() -> u64 {
    let mut mask = 0u64;
    let call = [libc::SIG_BLOCK as usize, 0, &raw mut mask as usize, 8];
    must("rt_sigprocmask", raw(libc::SYS_rt_sigprocmask, &call));
    mask
}

pub fn run() {
    // Every third signal, without SIGKILL (9) and SIGSTOP (19), which cannot be blocked.
    let mask = 0x9249_2492_4924_9249u64 & !(1 << 8 | 1 << 18);
    let call = [libc::SIG_SETMASK as usize, &raw const mask as usize, 0, 8];
    must("rt_sigprocmask", raw(libc::SYS_rt_sigprocmask, &call));
    same("mask", &mask, &blocked());
    checkpoint_here();
    same("mask", &format!("{mask:#x}"), &format!("{:#x}", blocked()));
}
