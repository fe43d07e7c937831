// SPDX-License-Identifier: GPL-2.0

//! Fact: a memfd comes back with its name, content, offset, holes, and the mapping of it.
//!
//! Could break: it has no path; only the descriptor leads to its content.

use std::io::{Read, Seek, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, MetadataExt};

use ckpt_support::{check, checkpoint_here, link_of, memfd, page_size, same, stretches, Mapping};

pub fn run() {
    let mut file = memfd(c"a name/with a slash", libc::MFD_CLOEXEC);
    file.set_len(64 * page_size() as u64).expect("ftruncate");
    file.write_all_at(b"deep", 40 * page_size() as u64)
        .expect("write");
    file.write_all(b"content").expect("write");
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::of_file(&file, 64 * page_size(), rights, libc::MAP_SHARED);
    let seen = |file: &std::fs::File| {
        let about = file.metadata().expect("fstat");
        (
            link_of(file.as_raw_fd()),
            about.size(),
            about.blocks(),
            about.mode(),
            about.mtime_nsec(),
            stretches(file),
        )
    };
    let before = seen(&file);
    let line = memory.maps_line();
    checkpoint_here();
    same("what it is", &before, &seen(&file));
    same("its line in maps", &line, &memory.maps_line());
    check(&memory.page(40)[..4] == b"deep", "the content is gone");
    file.write_all(b" goes on").expect("write");
    let mut content = [0; 15];
    file.rewind().expect("seek");
    file.read_exact(&mut content).expect("read");
    check(&content == b"content goes on", "it is not the same file");
    check(
        &memory.page(0)[..15] == b"content goes on",
        "file and memory are apart",
    );
    memory.page(1)[0] = 1;
    file.set_len(page_size() as u64).expect("ftruncate");
    same("size", &(page_size() as u64), &file.metadata().expect("fstat").size());
}
