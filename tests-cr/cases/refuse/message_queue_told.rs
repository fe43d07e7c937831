// SPDX-License-Identifier: GPL-2.0

//! Fact: a POSIX message queue that tells of a message through a socket (SIGEV_THREAD) is refused, with
//! that socket.
//!
//! Could break: the thread that reads there would wait for ever.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, may_also_refuse, must};

use crate::queues::{close, make, name, unlink};

pub fn run() {
    let name = name("told");
    let queue = make(&name, libc::O_RDWR, 2, 10);
    unlink(&name);
    let cookie = [7u8; 32];
    // SAFETY: the cookie is there; zeros are a value of an event.
    unsafe {
        let socket = must("socket", libc::socket(libc::AF_NETLINK, libc::SOCK_RAW, 0));
        let mut event: libc::sigevent = std::mem::zeroed();
        event.sigev_notify = libc::SIGEV_THREAD;
        event.sigev_signo = socket;
        event.sigev_value.sival_ptr = cookie.as_ptr().cast_mut().cast();
        // Not by the library, which takes a function in its place.
        let asked = libc::syscall(libc::SYS_mq_notify, queue, &raw const event);
        must("mq_notify", asked as i32);
        close(socket);
    }
    may_also_refuse("FileKind");
    expect_refusal_of_fd("QueueNotice", queue, "SIGEV_THREAD");
    checkpoint_here();
    close(queue);
}
