// SPDX-License-Identifier: GPL-2.0

//! Fact: a private file mapping comes back with what was written into it, and the rest is the file.
//!
//! Could break: written pages that are put into the page cache would change the file for everybody.

use ckpt_support::{check, checkpoint_here, file_with, page_size, same, Mapping};

pub fn run() {
    let size = page_size();
    let content: Vec<u8> = (0..6 * size).map(|at| (at / size) as u8 + b'a').collect();
    let file = file_with("file", &content);
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::of_file(&file, 6 * size, rights, libc::MAP_PRIVATE);
    memory.page(1).fill(b'1');
    memory.page(4)[..100].fill(b'4');
    checkpoint_here();
    let mut expected = content.clone();
    expected[size..2 * size].fill(b'1');
    expected[4 * size..4 * size + 100].fill(b'4');
    for index in 0..6 {
        let page = &expected[index * size..(index + 1) * size];
        check(page == memory.page(index), &format!("page {index} differs"));
    }
    same(
        "length of the file",
        &(6 * size),
        &std::fs::read("file").expect("file").len(),
    );
    check(
        content == std::fs::read("file").expect("file"),
        "the file itself was changed",
    );
}
