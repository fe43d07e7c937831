// SPDX-License-Identifier: GPL-2.0

//! Fact: a checkpoint and a restart change nothing about the files themselves: owner, mode, size,
//! times, links.
//!
//! Could break: opening with O_TRUNC or O_CREAT, or writing through a mapping.

use std::os::unix::fs::MetadataExt;

use ckpt_support::{checkpoint_here, file_with, page_size, same, Mapping};

fn facts() -> [i64; 8] {
    let data = std::fs::metadata("file").expect("stat");
    [
        data.ino() as i64,
        i64::from(data.uid()),
        i64::from(data.mode()),
        data.size() as i64,
        data.nlink() as i64,
        data.mtime() * 1_000_000_000 + data.mtime_nsec(),
        data.ctime() * 1_000_000_000 + data.ctime_nsec(),
        data.blocks() as i64,
    ]
}

pub fn run() {
    let file = file_with("file", &vec![b'x'; 10_000]);
    file.sync_all().expect("fsync");
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::of_file(&file, page_size(), rights, libc::MAP_PRIVATE);
    memory.page(0).fill(b'y');
    let before = facts();
    checkpoint_here();
    same(
        "inode, uid, mode, size, links, mtime, ctime, blocks",
        &before,
        &facts(),
    );
}
