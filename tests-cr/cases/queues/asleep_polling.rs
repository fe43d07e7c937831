// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in poll until a queue has something, or room, wakes when it has.
//!
//! Could break: nobody would wake him.

use std::sync::atomic::{AtomicI32, Ordering};

use ckpt_support::signals::handle;
use ckpt_support::{raw, ready_inside_until_signal, same, wait_for_go};

use super::{close, make, name, receive, send, unlink};

static QUEUE: AtomicI32 = AtomicI32::new(-1);

extern "C" fn fill(_: i32) {
    send(QUEUE.load(Ordering::Relaxed), b"x", 0);
}

pub fn run() {
    let name = name("polling");
    let queue = make(&name, libc::O_RDWR, 1, 10);
    unlink(&name);
    QUEUE.store(queue, Ordering::Relaxed);
    handle(libc::SIGUSR1, 0, fill);
    let mut one = libc::pollfd {
        fd: queue,
        events: libc::POLLIN,
        revents: 0,
    };
    ready_inside_until_signal(libc::SYS_poll, libc::SIGUSR1);
    let mut result = raw(libc::SYS_poll, &[&raw mut one as usize, 1, usize::MAX]);
    if result == -1 {
        // The handler ends it.
        result = raw(libc::SYS_poll, &[&raw mut one as usize, 1, usize::MAX]);
    }
    same("poll", &(1, libc::POLLIN), &(result, one.revents));
    wait_for_go();
    same("receive", &Ok((0, b"x".to_vec())), &receive(queue));
    close(queue);
}
