// SPDX-License-Identifier: GPL-2.0

//! Fact: a sealed memfd comes back with content and seals, and they hold.
//!
//! Could break: a sealed file cannot be filled, and an unsealed one could be written to.

use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;

use ckpt_support::{check, checkpoint_here, memfd, must, page_size, same, Mapping};

const EVERY: i32 =
    libc::F_SEAL_SHRINK | libc::F_SEAL_GROW | libc::F_SEAL_WRITE | libc::F_SEAL_SEAL;

pub fn run() {
    let sealed = memfd(c"sealed", libc::MFD_ALLOW_SEALING);
    sealed.write_all_at(b"for ever", 0).expect("write");
    sealed.set_len(3 * page_size() as u64).expect("ftruncate");
    // SAFETY: takes no pointer.
    must("F_ADD_SEALS", unsafe {
        libc::fcntl(sealed.as_raw_fd(), libc::F_ADD_SEALS, EVERY)
    });
    let memory = Mapping::of_file(&sealed, page_size(), libc::PROT_READ, libc::MAP_SHARED);
    let inert = memfd(c"not to be executed", 0x0008 /* MFD_NOEXEC_SEAL */);
    let open = memfd(c"open", libc::MFD_ALLOW_SEALING);
    let never = memfd(c"never", 0);
    let seals = || {
        [&sealed, &inert, &open, &never].map(|file| {
            // SAFETY: takes no pointer.
            must("F_GET_SEALS", unsafe {
                libc::fcntl(file.as_raw_fd(), libc::F_GET_SEALS)
            })
        })
    };
    let before = seals();
    let line = memory.maps_line();
    checkpoint_here();
    same("seals", &before, &seals());
    same("the line in maps", &line, &memory.maps_line());
    check(&memory.page(0)[..8] == b"for ever", "the content is gone");
    check(sealed.write_at(b"x", 0).is_err(), "it can be written to");
    check(sealed.set_len(0).is_err(), "it can shrink");
    check(sealed.set_len(1 << 20).is_err(), "it can grow");
    // SAFETY: our own mapping, and the answer is no.
    let protected = unsafe { libc::mprotect(memory.pointer(), page_size(), libc::PROT_WRITE) };
    check(protected != 0, "its memory can be made writable");
    // SAFETY: takes no pointer.
    let mode = unsafe { libc::fchmod(inert.as_raw_fd(), 0o777) };
    check(mode != 0, "it can be made executable");
    // SAFETY: takes no pointer.
    must("F_ADD_SEALS on the open one", unsafe {
        libc::fcntl(open.as_raw_fd(), libc::F_ADD_SEALS, libc::F_SEAL_GROW)
    });
}
