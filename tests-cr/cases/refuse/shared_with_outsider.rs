// SPDX-License-Identifier: GPL-2.0

//! Fact: a file that is also open in a task outside is refused, by descriptor and that task's pid.
//!
//! Could break: the two would share an offset no more.

use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, file_with, must};

/// A grandchild, which is nobody's child any more, outside of the cgroup, with only `fd` open.
fn outsider(fd: i32) {
    // SAFETY: single-threaded; the children only make system calls.
    unsafe {
        let child = must("fork", libc::fork());
        if child == 0 {
            if libc::fork() == 0 {
                let moved = std::fs::write("/sys/fs/cgroup/cgroup.procs", "0");
                for other in (0..20).filter(|&other| other != fd) {
                    libc::close(other);
                }
                if moved.is_ok() {
                    std::fs::write("outsider", libc::getpid().to_string()).expect("write");
                }
                libc::sleep(600);
            }
            libc::_exit(0);
        }
        libc::waitpid(child, std::ptr::null_mut(), 0);
    }
}

/// Its pid, once it is where it should be.
fn pid_of_outsider() -> i32 {
    loop {
        let text = std::fs::read_to_string("outsider").unwrap_or_default();
        if let Ok(pid) = text.parse() {
            return pid;
        }
        std::thread::yield_now();
    }
}

pub fn run() {
    let file = file_with("shared", b"");
    outsider(file.as_raw_fd());
    let pid = pid_of_outsider();
    expect_refusal_of_fd("FileSharedOutside", file.as_raw_fd(), &pid.to_string());
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(pid, libc::SIGKILL) });
}
