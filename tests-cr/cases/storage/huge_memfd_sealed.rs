// SPDX-License-Identifier: GPL-2.0

//! Fact: seals of a memfd of huge pages come back and hold, and leave alone the mapping that was there
//! before F_SEAL_FUTURE_WRITE.
//!
//! Could break: its seals are kept elsewhere than those of other memfds; mapping what was read-only
//! writable to fill it would break a seal.

use std::fs::File;
use std::os::fd::AsRawFd;

use ckpt_support::{check, checkpoint_here, memfd, must, same, Mapping, HUGE};

fn sealed(name: &std::ffi::CStr) -> File {
    let file = memfd(name, libc::MFD_HUGETLB | libc::MFD_ALLOW_SEALING);
    file.set_len(HUGE as u64).expect("ftruncate");
    file
}

fn seal(file: &File, seals: i32) {
    // SAFETY: takes no pointer.
    must("F_ADD_SEALS", unsafe {
        libc::fcntl(file.as_raw_fd(), libc::F_ADD_SEALS, seals)
    });
}

fn seals(file: &File) -> i32 {
    // SAFETY: takes no pointer.
    must("F_GET_SEALS", unsafe {
        libc::fcntl(file.as_raw_fd(), libc::F_GET_SEALS)
    })
}

pub fn run() {
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let future = sealed(c"future");
    let writer = Mapping::of_file(&future, HUGE, rights, libc::MAP_SHARED);
    writer.page(0)[0] = 1;
    seal(&future, libc::F_SEAL_FUTURE_WRITE | libc::F_SEAL_SHRINK);
    let never = sealed(c"never");
    let filler = Mapping::of_file(&never, HUGE, rights, libc::MAP_SHARED);
    filler.page(7)[0] = 7;
    filler.unmap(0, filler.pages());
    seal(&never, libc::F_SEAL_WRITE | libc::F_SEAL_SEAL);
    let reader = Mapping::of_file(&never, HUGE, libc::PROT_READ, libc::MAP_SHARED);
    let before = [&future, &never].map(seals);
    let signs = || [&writer, &reader].map(Mapping::signs);
    let marks = signs();
    checkpoint_here();
    same("seals", &before, &[&future, &never].map(seals));
    same("what smaps says", &marks, &signs());
    check(writer.page(0)[0] == 1, "the content is gone");
    writer.page(1)[0] = 2;
    check(reader.page(7)[0] == 7, "the sealed content is gone");
    // SAFETY: our own mapping, and the answer is no.
    let reads = unsafe { libc::mprotect(reader.pointer(), HUGE, rights) };
    check(reads != 0, "what is sealed can become writable");
    check(future.set_len(0).is_err(), "it can shrink");
}
