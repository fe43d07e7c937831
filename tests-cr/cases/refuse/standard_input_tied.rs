// SPDX-License-Identifier: GPL-2.0

//! Fact: a file or pipe that would be handed in is refused if it is locked, or sends signals.
//!
//! Could break: what takes its place is not locked, and sends none.

use std::os::fd::AsRawFd;

use ckpt_support::pipes::{close, pipe};
use ckpt_support::{checkpoint_here, expect_refusal_of_fd, file_with, must, outsider};

pub fn run() {
    let file = file_with("locked", b"");
    let [reader, writer] = pipe(0);
    // SAFETY: none of these takes a pointer.
    unsafe {
        must("dup2", libc::dup2(file.as_raw_fd(), 0));
        must("dup2", libc::dup2(writer, 2));
        must("flock", libc::flock(0, libc::LOCK_EX));
        must("F_SETOWN", libc::fcntl(2, libc::F_SETOWN, libc::getpid()));
    }
    drop(file);
    close(&[writer]);
    let pid = outsider(&[0, reader]);
    close(&[reader]);
    expect_refusal_of_fd("FileLock", 0, "locked");
    expect_refusal_of_fd("HandedState", 2, "pipe:[");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(pid, libc::SIGKILL) });
}
