// SPDX-License-Identifier: GPL-2.0

//! Fact: an O_PATH descriptor that a task outside has too is no obstacle: nothing moves in it.
//!
//! Could break: whatever is shared with the outside is refused.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;

use ckpt_support::{check, checkpoint_here, file_with, outsider};

pub fn run() {
    drop(file_with("file", b"content"));
    let mut options = File::options();
    options.read(true).custom_flags(libc::O_PATH);
    let path = options.open("file").expect("open");
    outsider(&[path.as_raw_fd()]);
    checkpoint_here();
    let again = format!("/proc/self/fd/{}", path.as_raw_fd());
    let content = std::fs::read(again).expect("file");
    check(content == b"content", "it names another file");
}
