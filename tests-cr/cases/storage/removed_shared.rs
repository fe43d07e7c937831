// SPDX-License-Identifier: GPL-2.0

//! Fact: several open files and mappings of one removed file are one file afterwards.
//!
//! Could break: a file made for each of them.

use std::fs::File;
use std::os::unix::fs::{FileExt, MetadataExt};

use ckpt_support::{check, checkpoint_here, file_with, page_size, same, Mapping};

pub fn run() {
    let file = file_with("shared", &vec![b'.'; 3 * page_size()]);
    let reader = File::open("shared").expect("open");
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::of_file(&file, 3 * page_size(), rights, libc::MAP_SHARED);
    std::fs::remove_file("shared").expect("unlink");
    memory.page(2)[0] = b'm';
    let line = memory.maps_line();
    checkpoint_here();
    same("its line in maps", &line, &memory.maps_line());
    let inode = |file: &File| file.metadata().expect("fstat").ino();
    same("the inode", &inode(&file), &inode(&reader));
    let byte = |at: usize| {
        let mut byte = [0];
        reader.read_exact_at(&mut byte, at as u64).expect("read");
        byte[0]
    };
    same("what was in memory", &b'm', &byte(2 * page_size()));
    memory.page(1)[0] = b'n';
    same("what is put into memory", &b'n', &byte(page_size()));
    file.write_all_at(b"f", 0).expect("write");
    same("what is written", &b'f', &byte(0));
    check(memory.page(0)[0] == b'f', "the memory does not show it");
}
