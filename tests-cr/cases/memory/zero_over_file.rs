// SPDX-License-Identifier: GPL-2.0

//! Fact: a private page over a file that was overwritten with zeros still reads as zeros.
//!
//! Could break: zero pages are left out of an image to save room, and then the file shows through.

use ckpt_support::{check, checkpoint_here, file_with, page_size, Mapping};

pub fn run() {
    let file = file_with("file", &vec![b'f'; 8 * page_size()]);
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::of_file(&file, 8 * page_size(), rights, libc::MAP_PRIVATE);
    memory.page(2).fill(0);
    memory.page(3).fill(0);
    memory.page(5)[100] = 0;
    checkpoint_here();
    for index in 0..8 {
        let expected = if index == 2 || index == 3 { 0 } else { b'f' };
        let wrong = memory.page(index).iter().position(|&byte| byte != expected);
        let allowed = if index == 5 { Some(100) } else { None };
        check(
            wrong == allowed,
            &format!("page {index} differs at {wrong:?}"),
        );
    }
    check(memory.page(5)[100] == 0, "the zero in page 5 is gone");
}
