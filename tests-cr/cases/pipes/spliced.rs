// SPDX-License-Identifier: GPL-2.0

//! Fact: pages of files, of memory and of other pipes that were spliced in are there, and nothing is
//! added to them.
//!
//! Could break: they are not the pipe's own; a write that was merged with one would change a file.

use std::io::{Read, Seek, SeekFrom};
use std::os::fd::AsRawFd;

use ckpt_support::pipes::{drain, fill_up, pattern, pipe, read, waiting, write};
use ckpt_support::{anonymous, checkpoint_here, file_with, must, page_size, same, Mapping};

fn splice(from: i32, to: i32, size: usize) {
    let none = std::ptr::null_mut();
    // SAFETY: no offsets are passed.
    let moved = must("splice", unsafe { libc::splice(from, none, to, none, size, 0) });
    same("splice", &(size as isize), &moved);
}

/// A pipe with every kind of page.
fn mixed(file: i32, memory: &Mapping) -> [i32; 2] {
    let [reader, writer] = pipe(0);
    let [source, filler] = pipe(0);
    write(writer, b"own ").expect("write");
    // SAFETY: takes no pointer.
    must("lseek", unsafe { libc::lseek(file, 50, libc::SEEK_SET) });
    splice(file, writer, 6_000);
    let piece = libc::iovec {
        iov_base: memory.page(0)[10..].as_mut_ptr().cast(),
        iov_len: 700,
    };
    // SAFETY: one piece of mapped memory.
    must("vmsplice", unsafe { libc::vmsplice(writer, &piece, 1, 0) });
    write(filler, b"from another pipe").expect("write");
    // SAFETY: takes no pointer.
    must("tee", unsafe { libc::tee(source, writer, 4, 0) });
    splice(source, writer, 17);
    [reader, writer]
}

pub fn run() {
    let content = pattern(20_000, 5);
    let mut file = file_with("source", &content);
    let memory = anonymous(page_size());
    memory.page(0).copy_from_slice(&pattern(page_size(), 9));
    let [reader, writer] = mixed(file.as_raw_fd(), &memory);
    let fresh = || {
        let [reader, writer] = mixed(file.as_raw_fd(), &memory);
        let count = fill_up(writer);
        (count, waiting(reader), drain(reader, 4096))
    };
    let expected = fresh();

    checkpoint_here();

    same("a fresh pipe", &expected, &fresh());
    let count = fill_up(writer);
    let found = (count, waiting(reader), drain(reader, 4096));
    same("the old one", &expected, &found);
    same("nothing left", &0, &waiting(reader));
    write(writer, b"new").expect("write");
    same("new", &Ok(b"new".to_vec()), &read(reader, 10));
    let mut now = Vec::new();
    file.seek(SeekFrom::Start(0)).expect("seek");
    file.read_to_end(&mut now).expect("read");
    same("the file", &content, &now);
}
