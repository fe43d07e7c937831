// SPDX-License-Identifier: GPL-2.0

//! Fact: an epoll that looks at a file which only a task outside has open is refused, with that task.
//!
//! Could break: the file is in no descriptor table of the container.

use ckpt_support::pipes::close;
use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must, outsider};

pub fn run() {
    // SAFETY: takes no pointer.
    let counter = must("eventfd", unsafe { libc::eventfd(0, 0) });
    let other = outsider(&[counter]);
    // SAFETY: takes no pointer; reads one event.
    let epoll = unsafe {
        let epoll = must("epoll_create1", libc::epoll_create1(0));
        let mut event = libc::epoll_event {
            events: libc::EPOLLIN as u32,
            u64: 1,
        };
        let add = libc::EPOLL_CTL_ADD;
        must("epoll_ctl", libc::epoll_ctl(epoll, add, counter, &mut event));
        epoll
    };
    close(&[counter]);
    expect_refusal_of_fd("EpollOutside", epoll, "other-end");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(other, libc::SIGKILL) });
}
