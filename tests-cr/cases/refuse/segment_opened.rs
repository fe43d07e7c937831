// SPDX-License-Identifier: GPL-2.0

//! Fact: a descriptor of System V memory, which only /proc leads to, is refused.
//!
//! Could break: it is saved, and no restart may make it.

use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, page_size};

use crate::ipc;

pub fn run() {
    let id = ipc::segment(libc::IPC_PRIVATE, page_size(), 0o600);
    let start = ipc::attach(id, 0) as usize;
    let path = format!("/proc/self/map_files/{start:x}-{:x}", start + page_size());
    let file = std::fs::File::open(path).expect("map_files");
    expect_refusal_of_fd("FileKind", file.as_raw_fd(), "SYSV");
    checkpoint_here();
    ipc::control_memory(id, libc::IPC_RMID);
}
