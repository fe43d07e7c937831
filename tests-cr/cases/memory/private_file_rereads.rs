// SPDX-License-Identifier: GPL-2.0

//! Fact: dropping a written page of a private file mapping shows the file again.
//!
//! Could break: a file mapping that was rebuilt as anonymous memory with the same bytes looks right
//! until then.

use ckpt_support::{check, checkpoint_here, file_with, page_size, Mapping};

pub fn run() {
    let file = file_with("file", &vec![b'f'; 4 * page_size()]);
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::of_file(&file, 4 * page_size(), rights, libc::MAP_PRIVATE);
    memory.page(1).fill(b'w');
    checkpoint_here();
    check(
        memory.page(1).iter().all(|&byte| byte == b'w'),
        "the written page differs",
    );
    memory.advise(0, 4, libc::MADV_DONTNEED);
    check(
        memory.page(1).iter().all(|&byte| byte == b'f'),
        "the file does not show again",
    );
}
