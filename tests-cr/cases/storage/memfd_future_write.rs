// SPDX-License-Identifier: GPL-2.0

//! Fact: F_SEAL_FUTURE_WRITE leaves the mappings alone that were there before it, and no others.
//!
//! Could break: a restart maps everything after the seal, or seals after everything is mapped.

use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;

use ckpt_support::{check, checkpoint_here, memfd, must, page_size, same, Mapping};

pub fn run() {
    let file = memfd(c"future", libc::MFD_ALLOW_SEALING);
    file.set_len(2 * page_size() as u64).expect("ftruncate");
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let writer = Mapping::of_file(&file, 2 * page_size(), rights, libc::MAP_SHARED);
    writer.page(0)[0] = 1;
    // SAFETY: takes no pointer.
    must("F_ADD_SEALS", unsafe {
        libc::fcntl(
            file.as_raw_fd(),
            libc::F_ADD_SEALS,
            libc::F_SEAL_FUTURE_WRITE,
        )
    });
    let reader = Mapping::of_file(&file, 2 * page_size(), libc::PROT_READ, libc::MAP_SHARED);
    let seals = || {
        // SAFETY: takes no pointer.
        unsafe { libc::fcntl(file.as_raw_fd(), libc::F_GET_SEALS) }
    };
    let before = seals();
    checkpoint_here();
    same("seals", &before, &seals());
    writer.page(1)[0] = 2;
    check(reader.page(0)[0] == 1, "the content is gone");
    check(reader.page(1)[0] == 2, "writer and reader are apart");
    check(file.write_at(b"x", 0).is_err(), "it can be written to");
    // SAFETY: our own mapping, and the answer is no.
    let reads = unsafe { libc::mprotect(reader.pointer(), page_size(), rights) };
    check(reads != 0, "the reader can become a writer");
    // SAFETY: without MAP_FIXED no memory of ours is touched.
    let another = unsafe {
        let length = page_size();
        libc::mmap(
            std::ptr::null_mut(),
            length,
            rights,
            libc::MAP_SHARED,
            file.as_raw_fd(),
            0,
        )
    };
    check(another == libc::MAP_FAILED, "it can be mapped for writing");
}
