// SPDX-License-Identifier: GPL-2.0

//! Fact: a private mapping of a removed file, read and written, comes back over its file; nobody has
//! the file open.
//!
//! Could break: a library that was replaced by an update while programs use it.

use ckpt_support::{check, checkpoint_here, file_with, page_size, same, Mapping};

pub fn run() {
    let file = file_with("library", &vec![b'l'; 4 * page_size() - 100]);
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let data = Mapping::of_file(&file, 4 * page_size(), rights, libc::MAP_PRIVATE);
    let code = libc::PROT_READ | libc::PROT_EXEC;
    let text = Mapping::of_file(&file, 2 * page_size(), code, libc::MAP_PRIVATE);
    data.page(1)[0] = b'p';
    std::fs::remove_file("library").expect("unlink");
    drop(file);
    drop(file_with("library", b"the new one"));
    let lines = (data.maps_line(), text.maps_line());
    checkpoint_here();
    same("maps", &lines, &(data.maps_line(), text.maps_line()));
    check(data.page(1)[0] == b'p', "the private page is gone");
    check(data.page(2)[0] == b'l', "the file is gone");
    check(text.page(1)[0] == b'l', "a private write shows elsewhere");
    data.advise(1, 1, libc::MADV_DONTNEED);
    check(data.page(1)[0] == b'l', "behind the page there is no file");
    check(data.page(3)[page_size() - 100] == 0, "its size is wrong");
}
