// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in mq_timedreceive goes on sleeping until a message comes, which he gets.
//!
//! Could break: the sleeper is on no list any more.

use std::sync::atomic::{AtomicI32, Ordering};

use ckpt_support::signals::handle;
use ckpt_support::{ready_inside_until_signal, same, wait_for_go};

use super::{attributes, close, make, name, receive, send, unlink};

static QUEUE: AtomicI32 = AtomicI32::new(-1);

extern "C" fn answer(_: i32) {
    send(QUEUE.load(Ordering::Relaxed), b"at last", 4);
}

pub fn run() {
    let name = name("receiving");
    let queue = make(&name, libc::O_RDWR, 3, 100);
    QUEUE.store(queue, Ordering::Relaxed);
    handle(libc::SIGUSR1, libc::SA_RESTART, answer);
    ready_inside_until_signal(libc::SYS_mq_timedreceive, libc::SIGUSR1);
    let got = receive(queue);
    same("receive", &Ok((4, b"at last".to_vec())), &got);
    wait_for_go();
    same("nothing left", &[0, 3, 100, 0], &attributes(queue));
    unlink(&name);
    close(queue);
}
