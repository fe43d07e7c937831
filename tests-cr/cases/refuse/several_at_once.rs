// SPDX-License-Identifier: GPL-2.0

//! Fact: several obstacles are all named at once.
//!
//! Could break: a checkpoint that stops at the first one makes its user come back for each.

use std::os::fd::AsRawFd;

use ckpt_support::{
    checkpoint_here, expect_refusal, expect_refusal_at, expect_refusal_of_fd, file_with, must,
    page_size, raw, Mapping,
};

pub fn run() {
    // SAFETY: takes no pointer.
    let event = must("eventfd", unsafe { libc::eventfd(0, 0) });
    let mut pipe = [0; 2];
    // SAFETY: two numbers, as wanted.
    must("pipe", unsafe { libc::pipe(pipe.as_mut_ptr()) });
    let removed = file_with("removed", b"");
    std::fs::remove_file("removed").expect("unlink");
    let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
    let memory = Mapping::new(page_size(), libc::PROT_READ, flags, -1, 0);
    let value = [0i64, 0, 1000, 0];
    let call = [libc::ITIMER_REAL as usize, value.as_ptr() as usize, 0];
    must("setitimer", raw(libc::SYS_setitimer, &call));
    // SAFETY: takes no pointer.
    must("unshare", unsafe { libc::unshare(libc::CLONE_NEWUTS) });
    expect_refusal_of_fd("FileKind", event, "eventfd");
    expect_refusal_of_fd("FileKind", pipe[0], "pipe");
    expect_refusal_of_fd("FileKind", pipe[1], "pipe");
    expect_refusal_of_fd("FileRemoved", removed.as_raw_fd(), "removed");
    expect_refusal_at("AreaKind|FileKind", memory.page_address(0), "");
    expect_refusal("TaskFeature", "timer");
    expect_refusal("TaskNamespace", "uts");
    checkpoint_here();
}
