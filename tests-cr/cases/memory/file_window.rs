// SPDX-License-Identifier: GPL-2.0

//! Fact: a mapping of the middle of a file, whose descriptor was closed long ago, comes back at the
//! same offset.
//!
//! Could break: offsets are kept in pages inside the kernel and in bytes at the system call.

use ckpt_support::{check, checkpoint_here, file_with, page_size, Mapping};
use std::os::fd::AsRawFd;

pub fn run() {
    let size = page_size();
    let content: Vec<u8> = (0..32 * size).map(|at| (at / size) as u8).collect();
    let file = file_with("file", &content);
    let rights = libc::PROT_READ;
    let memory = Mapping::new(
        4 * size,
        rights,
        libc::MAP_PRIVATE,
        file.as_raw_fd(),
        17 * size as i64,
    );
    drop(file);
    // The two ends of a cut area keep their own offsets.
    memory.unmap(1, 1);
    checkpoint_here();
    for index in [0, 2, 3] {
        let page = memory.page(index);
        check(
            page.iter().all(|&byte| byte == 17 + index as u8),
            "another part of the file",
        );
    }
}
