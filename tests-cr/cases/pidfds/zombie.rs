// SPDX-License-Identifier: GPL-2.0

//! Fact: a pidfd of a process that has ended, and was not waited for, can still be waited for.
//!
//! Could break: it says more, or less, than that the process has ended.

use ckpt_support::pidfds::{events, exit_code, number, open, send, wait};
use ckpt_support::{checkpoint_here, same};

use crate::tasks::relatives::{child, state};

pub fn run() {
    let pid = child(|| 5);
    let fd = open(pid, 0);
    while state(&pid.to_string()) != 'Z' {
        std::thread::yield_now();
    }
    let look = || (events(fd), number(fd), exit_code(fd), send(fd, 0));
    let before = look();
    same("has ended", &libc::POLLIN, &before.0);
    checkpoint_here();
    same("as it was", &before, &look());
    same("its end", &5, &wait(fd, libc::WEXITED | libc::WNOWAIT));
    same("its end", &5, &wait(fd, libc::WEXITED));
    same("gone", &(libc::POLLIN | libc::POLLHUP), &events(fd));
    same("code", &Some(5 << 8), &exit_code(fd));
}
