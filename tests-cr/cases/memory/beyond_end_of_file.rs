// SPDX-License-Identifier: GPL-2.0

//! Fact: a mapping that is longer than its file comes back so: bytes after the end read as zero in
//! the last page, and the pages behind it do not exist.
//!
//! Could break: reading these pages for the image fails with the error that becomes SIGBUS.

use ckpt_support::{can_read, check, checkpoint_here, file_with, page_size, Mapping};

pub fn run() {
    let file = file_with("file", b"short");
    let memory = Mapping::of_file(&file, 3 * page_size(), libc::PROT_READ, libc::MAP_PRIVATE);
    checkpoint_here();
    let page = memory.page(0);
    check(&page[..5] == b"short", "the content differs");
    check(
        page[5..].iter().all(|&byte| byte == 0),
        "the rest of the page is not zero",
    );
    check(
        !can_read(memory.page_address(1)),
        "there is a page after the end of the file",
    );
}
