// SPDX-License-Identifier: GPL-2.0

//! Fact: a program with more memory than it may have any more (limits lowered later) comes back.
//!
//! Could break: mapping what was mapped then is forbidden by the limit of now.

use ckpt_support::{anonymous, check, checkpoint_here, must, page_size};

pub fn run() {
    let memory = anonymous(4096 * page_size());
    for index in 0..4096 {
        memory.page(index)[0] = index as u8;
    }
    for which in [
        libc::RLIMIT_AS,
        libc::RLIMIT_DATA,
        libc::RLIMIT_STACK,
        libc::RLIMIT_NPROC,
    ] {
        let limit = libc::rlimit {
            rlim_cur: page_size() as u64,
            rlim_max: page_size() as u64,
        };
        // SAFETY: reads one rlimit.
        must("setrlimit", unsafe { libc::setrlimit(which, &limit) });
    }
    checkpoint_here();
    let fine = (0..4096).all(|index| memory.page(index)[0] == index as u8);
    check(fine, "the content differs");
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: a new mapping, if any.
    let more = unsafe { libc::mmap(std::ptr::null_mut(), 1 << 20, rights, flags, -1, 0) };
    check(more == libc::MAP_FAILED, "the limit is not enforced");
}
