// SPDX-License-Identifier: GPL-2.0

//! Fact: memory that is sealed against every change is saved also if a task outside has it: from then on
//! both have what they had, and neither can tell.
//!
//! Could break: it is refused like memory that they could change for each other, and with it every
//! program that was started from a sealed copy of itself.

use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;

use ckpt_support::{check, checkpoint_here, memfd, must, outsider, page_size, Mapping};

const SEALS: i32 = libc::F_SEAL_WRITE | libc::F_SEAL_GROW | libc::F_SEAL_SHRINK;

pub fn run() {
    let file = memfd(c"for all", libc::MFD_ALLOW_SEALING);
    file.write_all_at(b"what both have", 0).expect("write");
    // SAFETY: takes no pointer.
    must("F_ADD_SEALS", unsafe {
        libc::fcntl(file.as_raw_fd(), libc::F_ADD_SEALS, SEALS)
    });
    let memory = Mapping::of_file(&file, page_size(), libc::PROT_READ, libc::MAP_PRIVATE);
    let pid = outsider(&[file.as_raw_fd()]);
    drop(file);
    checkpoint_here();
    check(&memory.page(0)[..14] == b"what both have", "the content is gone");
    // In a restarted container there is nobody any more.
    // SAFETY: takes no pointer.
    unsafe { libc::kill(pid, libc::SIGKILL) };
}
