// SPDX-License-Identifier: GPL-2.0

//! Fact: an O_PATH descriptor that a task outside has too is no obstacle: nothing moves in it.
//!
//! Could break: whatever is shared with the outside is refused.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;

use ckpt_support::{check, checkpoint_here, file_with, must};

pub fn run() {
    drop(file_with("file", b"content"));
    let mut options = File::options();
    options.read(true).custom_flags(libc::O_PATH);
    let path = options.open("file").expect("open");
    // SAFETY: single-threaded; the children only make system calls.
    unsafe {
        let child = must("fork", libc::fork());
        if child == 0 {
            if libc::fork() == 0 {
                let moved = std::fs::write("/sys/fs/cgroup/cgroup.procs", "0");
                for other in (0..20).filter(|&other| other != path.as_raw_fd()) {
                    libc::close(other);
                }
                if moved.is_ok() {
                    std::fs::write("outsider", "").expect("write");
                }
                libc::sleep(60);
            }
            libc::_exit(0);
        }
        libc::waitpid(child, std::ptr::null_mut(), 0);
    }
    while !std::path::Path::new("outsider").exists() {
        std::thread::yield_now();
    }
    checkpoint_here();
    let again = format!("/proc/self/fd/{}", path.as_raw_fd());
    let content = std::fs::read(again).expect("file");
    check(content == b"content", "it names another file");
}
