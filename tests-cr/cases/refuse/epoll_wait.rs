// SPDX-License-Identifier: GPL-2.0

//! Fact: epoll_wait, frozen and thawed by a checkpoint that is refused, ends when it would have ended
//! anyway.
//!
//! Could break: its timeout is relative, and left alone the call fails with EINTR.

use ckpt_support::waits::{ends_in_time, seconds};
use ckpt_support::{expect_refusal_of_fd, must, raw};

pub fn run() {
    // SAFETY: takes no pointer.
    let fd = must("epoll_create1", unsafe { libc::epoll_create1(0) });
    expect_refusal_of_fd("FileKind", fd, "poll");
    let mut event = [0u64; 2];
    let time = seconds() as usize * 1000;
    let call = [fd as usize, event.as_mut_ptr() as usize, 1, time];
    ends_in_time("epoll_wait", libc::SYS_epoll_wait, (0, 0), || {
        raw(libc::SYS_epoll_wait, &call)
    });
}
