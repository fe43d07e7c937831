// SPDX-License-Identifier: GPL-2.0

//! Fact: an epoll that waits for the signals of a process outside, because that one has added the
//! signalfd to it, is refused.
//!
//! Could break: both files are the container's alone.

use ckpt_support::signals::bit;
use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must, raw};

/// Adds it, closes everything, and lives on outside.
fn adds(epoll: i32, signalfd: i32) {
    let moved = std::fs::write("/sys/fs/cgroup/cgroup.procs", "0");
    let mut event = libc::epoll_event {
        events: libc::EPOLLIN as u32,
        u64: 1,
    };
    // SAFETY: reads one event; the process uses no descriptor any more.
    unsafe {
        let added = libc::epoll_ctl(epoll, libc::EPOLL_CTL_ADD, signalfd, &mut event);
        libc::close_range(0, 100, 0);
        if moved.is_ok() && added == 0 {
            std::fs::write("outsider", libc::getpid().to_string()).expect("write");
        }
        libc::sleep(600);
    }
}

pub fn run() {
    let signals = bit(libc::SIGUSR1);
    let call = [usize::MAX, &raw const signals as usize, 8, 0];
    let signalfd = must("signalfd4", raw(libc::SYS_signalfd4, &call)) as i32;
    // SAFETY: takes no pointer.
    let epoll = must("epoll_create1", unsafe { libc::epoll_create1(0) });
    let _ = std::fs::remove_file("outsider");
    // SAFETY: single-threaded; the children only make system calls.
    unsafe {
        let child = must("fork", libc::fork());
        if child == 0 {
            if libc::fork() == 0 {
                adds(epoll, signalfd);
            }
            libc::_exit(0);
        }
        libc::waitpid(child, std::ptr::null_mut(), 0);
    }
    let outsider = loop {
        let text = std::fs::read_to_string("outsider").unwrap_or_default();
        if let Ok(pid) = text.parse() {
            break pid;
        }
        std::thread::yield_now();
    };
    expect_refusal_of_fd("EpollSignals", epoll, "signals");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(outsider, libc::SIGKILL) });
}
