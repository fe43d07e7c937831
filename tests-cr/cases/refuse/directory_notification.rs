// SPDX-License-Identifier: GPL-2.0

//! Fact: a directory that sends signals when it changes (F_NOTIFY) is refused.
//!
//! Could break: the watch hangs on the directory, not on the descriptor.

use std::fs::File;
use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

const DN_RENAME: i32 = 0x10;
const DN_MULTISHOT: i32 = i32::MIN;

pub fn run() {
    let directory = File::open(".").expect("open");
    // SAFETY: takes no pointer; the signal is ignored.
    unsafe {
        libc::signal(libc::SIGIO, libc::SIG_IGN);
        let what = DN_RENAME | DN_MULTISHOT;
        must(
            "F_NOTIFY",
            libc::fcntl(directory.as_raw_fd(), libc::F_NOTIFY, what),
        );
    }
    expect_refusal_of_fd("FileWatched|FileOwner", directory.as_raw_fd(), "");
    checkpoint_here();
}
