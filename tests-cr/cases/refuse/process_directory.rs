// SPDX-License-Identifier: GPL-2.0

//! Fact: the /proc directory of a process is refused, also with O_PATH, while that of /proc itself
//! and of its settings is not.
//!
//! Could break: it is a directory like any other, at a path that leads to another process by then.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;

use ckpt_support::{checkpoint_here, expect_refusal_of_fd};

pub fn run() {
    let _fine = ["/proc", "/proc/sys/kernel"].map(|name| File::open(name).expect(name));
    let directory = File::open("/proc/self/fd").expect("open");
    let status = File::options()
        .read(true)
        .custom_flags(libc::O_PATH)
        .open("/proc/self/status")
        .expect("open");
    expect_refusal_of_fd("FileKind", directory.as_raw_fd(), "proc");
    expect_refusal_of_fd("FileKind", status.as_raw_fd(), "proc");
    checkpoint_here();
}
