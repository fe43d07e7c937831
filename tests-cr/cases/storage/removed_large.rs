// SPDX-License-Identifier: GPL-2.0

//! Fact: a removed file and shared memory larger than any buffer come back, every byte.
//!
//! Could break: content held in memory, counts that are too small.

use std::io::Write;
use std::os::unix::fs::FileExt;

use ckpt_support::{check, checkpoint_here, file_with, page_size, same, Mapping};

const SIZE: usize = 68 << 20;

fn fill(page: &mut [u8], number: usize) {
    for (index, byte) in page.iter_mut().enumerate() {
        *byte = (number * 31 + index * 7) as u8;
    }
}

pub fn run() {
    let mut file = file_with("large", b"");
    let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::new(SIZE, rights, flags, -1, 0);
    for number in 0..memory.pages() {
        fill(memory.page(number), number);
        file.write_all(memory.page(number)).expect("write");
    }
    file.write_all(b"end").expect("write");
    std::fs::remove_file("large").expect("unlink");
    checkpoint_here();
    let mut expected = vec![0; page_size()];
    let mut found = vec![0; page_size()];
    for number in 0..memory.pages() {
        fill(&mut expected, number);
        check(memory.page(number) == &expected[..], "memory differs");
        file.read_exact_at(&mut found, (number * page_size()) as u64)
            .expect("read");
        check(found == expected, "the file differs");
    }
    let mut end = [0; 4];
    same(
        "bytes at the end",
        &3,
        &file.read_at(&mut end, SIZE as u64).expect("read"),
    );
}
