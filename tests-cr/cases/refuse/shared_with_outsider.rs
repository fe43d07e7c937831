// SPDX-License-Identifier: GPL-2.0

//! Fact: a file that is also open in a task outside is refused, by descriptor and that task's pid.
//!
//! Could break: the two would share an offset no more.

use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, file_with, must, outsider};

pub fn run() {
    let file = file_with("shared", b"");
    let pid = outsider(&[file.as_raw_fd()]);
    expect_refusal_of_fd("FileSharedOutside", file.as_raw_fd(), &pid.to_string());
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(pid, libc::SIGKILL) });
}
