// SPDX-License-Identifier: GPL-2.0

//! Fact: the size of a file in memory comes back to the byte, whatever it is.
//!
//! Could break: content goes by pages.

use std::io::Write;
use std::os::unix::fs::MetadataExt;

use ckpt_support::{checkpoint_here, memfd, page_size, same};

pub fn run() {
    let page = page_size();
    let sizes = [0, 1, page - 1, page, page + 1, 3 * page + 17, 700 * page + 1];
    let files = sizes.map(|size| {
        let mut file = memfd(c"odd", 0);
        let bytes: Vec<u8> = (0..size).map(|n| (n % 251) as u8 + 1).collect();
        file.write_all(&bytes).expect("write");
        (file, bytes)
    });
    checkpoint_here();
    for (file, bytes) in &files {
        let size = file.metadata().expect("fstat").size();
        same("size", &(bytes.len() as u64), &size);
        let mut content = vec![0; bytes.len()];
        std::os::unix::fs::FileExt::read_exact_at(file, &mut content, 0).expect("read");
        same("content", &true, &(&content == bytes));
    }
}
