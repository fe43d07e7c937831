// SPDX-License-Identifier: GPL-2.0

//! Fact: memory that fallocate(2) reserved in a memfd is reserved afterwards, inside and beyond its
//! end, and is not content.
//!
//! Could break: it reads like a hole.

use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, MetadataExt};

use ckpt_support::{check, checkpoint_here, memfd, must, page_size, same, stretches};

pub fn run() {
    let page = page_size() as i64;
    let file = memfd(c"reserved", 0);
    file.set_len(32 * page as u64).expect("ftruncate");
    file.write_all_at(b"data", 8 * page as u64).expect("write");
    for (mode, first, count) in [(0, 16, 4), (libc::FALLOC_FL_KEEP_SIZE, 40, 8)] {
        // SAFETY: takes no pointer.
        must("fallocate", unsafe {
            libc::fallocate(file.as_raw_fd(), mode, first * page, count * page)
        });
    }
    let seen = || {
        let about = file.metadata().expect("fstat");
        (about.size(), about.blocks(), stretches(&file))
    };
    let before = seen();
    same("blocks", &(13 * page as u64 / 512), &before.1);
    checkpoint_here();
    same("size, blocks, data", &before, &seen());
    let mut byte = [1];
    file.read_exact_at(&mut byte, 16 * page as u64).expect("read");
    check(byte[0] == 0, "what was reserved is not zero");
}
