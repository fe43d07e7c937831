// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in a read of a group until something happens goes on sleeping until it does; an
//! epoll that looks at it tells of it then.
//!
//! Could break: the restart itself wakes him.

use std::fs;

use ckpt_support::pipes::{read, set_flags};
use ckpt_support::signals::handle;
use ckpt_support::{must, ready_inside_until_signal, same, wait_for_go};
use libc::{FAN_CLASS_NOTIF, FAN_CREATE, FAN_ONDIR, FAN_REPORT_DFID_NAME};

use super::marking::{add, group};

extern "C" fn make(_: i32) {
    // SAFETY: the path is a C string.
    unsafe { libc::mkdir(c"place/new".as_ptr(), 0o700) };
}

pub fn run() {
    fs::create_dir("place").expect("a directory");
    let _open = fs::File::open("place").expect("a directory");
    let fd = group(FAN_CLASS_NOTIF | FAN_REPORT_DFID_NAME, 0);
    let other = group(FAN_CLASS_NOTIF | FAN_REPORT_DFID_NAME, 0);
    for fd in [fd, other] {
        add(fd, FAN_CREATE | FAN_ONDIR, "place");
    }
    // SAFETY: the event outlives the call.
    let epoll = unsafe {
        let epoll = must("epoll_create1", libc::epoll_create1(0));
        let mut event = libc::epoll_event {
            events: (libc::EPOLLIN | libc::EPOLLET) as u32,
            u64: 7,
        };
        must("epoll_ctl", libc::epoll_ctl(epoll, libc::EPOLL_CTL_ADD, other, &mut event));
        epoll
    };
    handle(libc::SIGUSR1, libc::SA_RESTART, make);
    set_flags(fd, 0);
    ready_inside_until_signal(libc::SYS_read, libc::SIGUSR1);
    let told = read(fd, 1000).expect("an event");
    same("the name", &true, &told.windows(4).any(|bytes| bytes == b"new\0"));
    let mut event = libc::epoll_event { events: 0, u64: 0 };
    // SAFETY: one event to be filled.
    let ready = unsafe { libc::epoll_wait(epoll, &mut event, 1, 0) };
    same("epoll", &(1, 7), &(ready, { event.u64 }));
    wait_for_go();
}
