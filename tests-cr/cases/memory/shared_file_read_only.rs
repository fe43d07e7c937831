// SPDX-License-Identifier: GPL-2.0

//! Fact: a shared mapping of a file that was opened read-only can never be made writable.
//!
//! Could break: the right to mprotect comes from how the file was open when it was mapped, and a
//! restart that opens it for writing gives away too much.

use std::fs::File;

use ckpt_support::{check, checkpoint_here, errno, file_with, page_size, same, Mapping};

fn make_writable(memory: &Mapping) -> (i32, i32) {
    // SAFETY: our own mapping.
    let result = unsafe {
        libc::mprotect(
            memory.pointer(),
            page_size(),
            libc::PROT_READ | libc::PROT_WRITE,
        )
    };
    (result, errno())
}

pub fn run() {
    drop(file_with("file", &vec![b'r'; page_size()]));
    let file = File::open("file").expect("file");
    let memory = Mapping::of_file(&file, page_size(), libc::PROT_READ, libc::MAP_SHARED);
    let private = Mapping::of_file(&file, page_size(), libc::PROT_READ, libc::MAP_PRIVATE);
    drop(file);
    checkpoint_here();
    check(memory.page(0)[0] == b'r', "the content is gone");
    same(
        "mprotect of shared",
        &(-1, libc::EACCES),
        &make_writable(&memory),
    );
    same("mprotect of private", &0, &make_writable(&private).0);
}
