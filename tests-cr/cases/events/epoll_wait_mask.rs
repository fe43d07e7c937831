// SPDX-License-Identifier: GPL-2.0

//! Fact: epoll_pwait with a timeout goes on with its own mask until a signal comes, and the old mask is
//! back then.
//!
//! Could break: resumed it has no arguments but those that the kernel has kept.

use ckpt_support::{must, raw, signals};

pub fn run() {
    // SAFETY: takes no pointer.
    let fd = must("epoll_create1", unsafe { libc::epoll_create1(0) });
    let mut event = [0u64; 2];
    signals::keeps_its_mask("epoll_pwait", libc::SYS_epoll_pwait, |mask| {
        let call = [
            fd as usize,
            event.as_mut_ptr() as usize,
            1,
            1_000_000,
            mask,
            8,
        ];
        raw(libc::SYS_epoll_pwait, &call)
    });
}
