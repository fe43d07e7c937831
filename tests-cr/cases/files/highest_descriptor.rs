// SPDX-License-Identifier: GPL-2.0

//! Fact: a descriptor at the end of the limit comes back, also when the limit was lowered below it
//! since.
//!
//! Could break: the limit that is restored first forbids the number; the table must grow.

use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, file_with, must, same};

pub fn run() {
    let file = file_with("file", b"");
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: reads and writes one rlimit.
    unsafe {
        must(
            "getrlimit",
            libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit),
        );
        let highest = limit.rlim_cur as i32 - 1;
        must("dup2", libc::dup2(file.as_raw_fd(), highest));
        limit.rlim_cur = 10;
        must("setrlimit", libc::setrlimit(libc::RLIMIT_NOFILE, &limit));
        checkpoint_here();
        must("fcntl on the highest", libc::fcntl(highest, libc::F_GETFD));
        same(
            "dup2 beyond the limit",
            &-1,
            &libc::dup2(file.as_raw_fd(), 10),
        );
    }
}
