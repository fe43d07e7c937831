// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in poll(2) on a pidfd wakes when the process ends.
//!
//! Could break: nobody tells the one who has come back.

use ckpt_support::pidfds::{events, open, wait};
use ckpt_support::{raw, ready_inside, same, wait_for_go};

use crate::tasks::relatives::{child, FINE};

pub fn run() {
    let pid = child(|| {
        wait_for_go();
        FINE
    });
    let fd = open(pid, 0);
    let mut one = libc::pollfd {
        fd,
        events: libc::POLLIN,
        revents: 0,
    };
    ready_inside(libc::SYS_poll);
    let pointer = std::ptr::from_mut(&mut one) as usize;
    let result = raw(libc::SYS_poll, &[pointer, 1, 600_000]);
    same("poll", &(1, libc::POLLIN), &(result, one.revents));
    same("its end", &FINE, &wait(fd, libc::WEXITED));
    same("gone", &(libc::POLLIN | libc::POLLHUP), &events(fd));
}
