// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in msgsnd at a full queue goes on sleeping until there is room.
//!
//! Could break: the message is sent twice, or never.

use std::sync::atomic::{AtomicI32, Ordering};

use ckpt_support::signals::handle;
use ckpt_support::{ready_inside_until_signal, same, wait_for_go};

use super::{queue, queue_state, receive, remove_queue, send};

static QUEUE: AtomicI32 = AtomicI32::new(-1);

extern "C" fn make_room(_: i32) {
    receive(QUEUE.load(Ordering::Relaxed), 0, libc::IPC_NOWAIT);
}

pub fn run() {
    let id = queue(libc::IPC_PRIVATE, 0o600);
    QUEUE.store(id, Ordering::Relaxed);
    let mut count = 0;
    while send(id, 1, &[count as u8; 1000], libc::IPC_NOWAIT) == 0 {
        count += 1;
    }
    handle(libc::SIGUSR1, 0, make_room);
    ready_inside_until_signal(libc::SYS_msgsnd, libc::SIGUSR1);
    let mut result = send(id, 9, &[99; 1000], 0);
    if result == -1 {
        result = send(id, 9, &[99; 1000], 0);
    }
    same("msgsnd", &0, &result);
    wait_for_go();
    same("messages", &count, &queue_state(id).msg_qnum);
    let last = receive(id, 9, libc::IPC_NOWAIT);
    same("the last", &Some((9, vec![99; 1000])), &last);
    let next = receive(id, 0, libc::IPC_NOWAIT);
    same("the first", &Some((1, vec![1; 1000])), &next);
    remove_queue(id);
}
