// SPDX-License-Identifier: GPL-2.0

//! Fact: a shared file mapping comes back as the same file: what is written to one shows in the
//! other, both ways.
//!
//! Could break: pages restored into a private copy would cut the connection.

use std::os::unix::fs::FileExt;

use ckpt_support::{check, checkpoint_here, file_with, page_size, Mapping};

pub fn run() {
    let file = file_with("file", &vec![b'-'; 4 * page_size()]);
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::of_file(&file, 4 * page_size(), rights, libc::MAP_SHARED);
    memory.page(0)[..6].copy_from_slice(b"before");
    // SAFETY: our own mapping.
    unsafe { libc::msync(memory.pointer(), 4 * page_size(), libc::MS_SYNC) };
    checkpoint_here();
    check(
        &memory.page(0)[..6] == b"before",
        "what was written before is gone",
    );
    memory.page(1)[..5].copy_from_slice(b"after");
    let mut bytes = [0u8; 5];
    file.read_exact_at(&mut bytes, page_size() as u64)
        .expect("read");
    check(
        &bytes == b"after",
        "the file does not show what was written to the memory",
    );
    file.write_all_at(b"file", 2 * page_size() as u64)
        .expect("write");
    check(
        &memory.page(2)[..4] == b"file",
        "the memory does not show what was written to the file",
    );
}
