// SPDX-License-Identifier: GPL-2.0

//! Fact: epoll_wait with a timeout ends when it would have ended anyway, however long the image lay
//! about.
//!
//! Could break: its timeout is relative, and left alone the call fails with EINTR.

use ckpt_support::waits::{ends_in_time, seconds};
use ckpt_support::{must, raw};

pub fn run() {
    // SAFETY: takes no pointer.
    let fd = must("epoll_create1", unsafe { libc::epoll_create1(0) });
    let mut event = [0u64; 2];
    let time = seconds() as usize * 1000;
    let call = [fd as usize, event.as_mut_ptr() as usize, 1, time];
    ends_in_time("epoll_wait", libc::SYS_epoll_wait, (0, 0), || {
        raw(libc::SYS_epoll_wait, &call)
    });
}
