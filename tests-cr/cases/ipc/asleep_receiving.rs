// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in msgrcv goes on sleeping until a message of its type comes.
//!
//! Could break: the sleeper is on no list any more.

use std::sync::atomic::{AtomicI32, Ordering};

use ckpt_support::signals::handle;
use ckpt_support::{ready_inside_until_signal, same, wait_for_go};

use super::{queue, receive, remove_queue, send};

static QUEUE: AtomicI32 = AtomicI32::new(-1);

extern "C" fn answer(_: i32) {
    send(QUEUE.load(Ordering::Relaxed), 2, b"at last", 0);
}

pub fn run() {
    let id = queue(libc::IPC_PRIVATE, 0o600);
    QUEUE.store(id, Ordering::Relaxed);
    same("send", &0, &send(id, 1, b"another", 0));
    handle(libc::SIGUSR1, 0, answer);
    ready_inside_until_signal(libc::SYS_msgrcv, libc::SIGUSR1);
    let mut got = receive(id, 2, 0);
    if got.is_none() {
        // The handler ends it.
        got = receive(id, 2, 0);
    }
    same("msgrcv", &Some((2, b"at last".to_vec())), &got);
    wait_for_go();
    let rest = receive(id, 0, libc::IPC_NOWAIT);
    same("what was there", &Some((1, b"another".to_vec())), &rest);
    remove_queue(id);
}
