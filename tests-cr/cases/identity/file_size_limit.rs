// SPDX-License-Identifier: GPL-2.0

//! Fact: a program that may not write files at all any more (RLIMIT_FSIZE 0) comes back.
//!
//! Could break: the restart that writes anything while it has the program's limits gets SIGXFSZ.

use ckpt_support::{errno, must, same};
use std::os::fd::AsRawFd;

pub fn run() {
    let file = ckpt_support::file_with("file", b"");
    let hard = libc::RLIM_INFINITY;
    // SAFETY: reads one rlimit; no handler is installed.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
        // Announced before: afterwards nothing can be written.
        ckpt_support::ready();
        let limit = libc::rlimit {
            rlim_cur: 0,
            rlim_max: hard,
        };
        must("setrlimit", libc::setrlimit(libc::RLIMIT_FSIZE, &limit));
        ckpt_support::wait_for_go();
        let result = libc::write(file.as_raw_fd(), c"x".as_ptr().cast(), 1);
        let error = errno();
        let limit = libc::rlimit {
            rlim_cur: hard,
            rlim_max: hard,
        };
        must("setrlimit", libc::setrlimit(libc::RLIMIT_FSIZE, &limit));
        same("write", &(-1, libc::EFBIG), &(result, error));
    }
}
