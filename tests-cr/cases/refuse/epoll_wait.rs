// SPDX-License-Identifier: GPL-2.0

//! Fact: epoll_wait, frozen and thawed by a checkpoint that is refused, ends when it would have ended
//! anyway.
//!
//! Could break: its timeout is relative, and left alone the call fails with EINTR.

use std::time::Instant;

use ckpt_support::{check, errno, expect_refusal_of_fd, must, raw, ready_inside, same};

pub fn run() {
    // SAFETY: takes no pointer.
    let fd = must("epoll_create1", unsafe { libc::epoll_create1(0) });
    expect_refusal_of_fd("FileKind", fd, "poll");
    let start = Instant::now();
    ready_inside(libc::SYS_epoll_wait);
    let mut event = [0u64; 2];
    let call = [fd as usize, event.as_mut_ptr() as usize, 1, 10_000];
    let result = raw(libc::SYS_epoll_wait, &call);
    let error = if result < 0 { errno() } else { 0 };
    same("epoll_wait", &(0, 0), &(result, error));
    let passed = start.elapsed().as_millis();
    check(
        (10_000..14_000).contains(&passed),
        &format!("10 s took {passed} ms"),
    );
}
