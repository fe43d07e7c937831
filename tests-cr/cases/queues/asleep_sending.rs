// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in mq_timedsend at a full queue goes on sleeping until there is room, and his
//! message is there once.
//!
//! Could break: the message is sent twice, or never.

use std::sync::atomic::{AtomicI32, Ordering};

use ckpt_support::signals::handle;
use ckpt_support::{ready_inside_until_signal, same, wait_for_go};

use super::{attributes, close, make, name, receive, send, unlink};

static QUEUE: AtomicI32 = AtomicI32::new(-1);

extern "C" fn make_room(_: i32) {
    let _ = receive(QUEUE.load(Ordering::Relaxed));
}

pub fn run() {
    let name = name("sending");
    let queue = make(&name, libc::O_RDWR, 2, 100);
    unlink(&name);
    QUEUE.store(queue, Ordering::Relaxed);
    for which in [b"one", b"two"] {
        same("send", &0, &send(queue, which, 1));
    }
    handle(libc::SIGUSR1, libc::SA_RESTART, make_room);
    ready_inside_until_signal(libc::SYS_mq_timedsend, libc::SIGUSR1);
    same("send", &0, &send(queue, b"three", 9));
    wait_for_go();
    same("messages", &2, &attributes(queue)[3]);
    same("urgent", &Ok((9, b"three".to_vec())), &receive(queue));
    same("second", &Ok((1, b"two".to_vec())), &receive(queue));
    same("messages", &0, &attributes(queue)[3]);
    close(queue);
}
