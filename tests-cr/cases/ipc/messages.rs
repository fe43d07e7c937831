// SPDX-License-Identifier: GPL-2.0

//! Fact: message queues come back with their messages: types, bytes, order, limit, times, and the
//! processes that sent and received last.
//!
//! Could break: all of it is in the kernel only; long messages are in pieces there.

use ckpt_support::pipes::pattern;
use ckpt_support::{checkpoint_here, errno, must, same};

use super::{key, queue, queue_state, queue_text, receive, remove_queue, send};
use crate::tasks::relatives::{child, end_of};

pub fn run() {
    let key = key(4);
    let named = queue(key, libc::IPC_CREAT | libc::IPC_EXCL | 0o620);
    same("send", &0, &send(named, 3, b"gone", 0));
    let receiver = child(|| i32::from(receive(named, 0, 0).is_none()));
    same("the receiver", &0, &end_of(receiver));
    let long = pattern(8192, 5);
    let middle = pattern(4096 - 48, 9);
    for (kind, bytes) in [
        (7, &b"seven"[..]),
        (1, b""),
        (i64::MAX, &long),
        (7, b"seven again"),
        (2, &middle),
    ] {
        same("send", &0, &send(named, kind, bytes, 0));
    }
    let small = queue(libc::IPC_PRIVATE, 0o600);
    let mut state = queue_state(small);
    state.msg_qbytes = 10;
    state.msg_perm.uid = 55;
    state.msg_perm.gid = 56;
    state.msg_perm.mode = 0o666;
    // SAFETY: a state that the kernel gave.
    must("IPC_SET", unsafe {
        libc::msgctl(small, libc::IPC_SET, &mut state)
    });
    let all = [named, small];
    let before = all.map(queue_text);
    checkpoint_here();
    let now = all.map(queue_text);
    for (before, now) in before.iter().zip(&now) {
        same("state", before, now);
    }
    same("by its key", &named, &queue(key, 0));
    same("sent by", &std::process::id(), &(queue_state(named).msg_lspid as u32));
    same("received by", &receiver, &queue_state(named).msg_lrpid);
    let got = |kind| receive(named, kind, libc::IPC_NOWAIT);
    same("by type", &Some((7, b"seven".to_vec())), &got(7));
    same("lowest", &Some((1, Vec::new())), &got(-2));
    same("the long one", &Some((i64::MAX, long)), &got(0));
    same("next", &Some((7, b"seven again".to_vec())), &got(0));
    same("last", &Some((2, middle)), &got(0));
    same("no more", &None, &got(0));
    same("ten", &0, &send(small, 1, b"0123456789", libc::IPC_NOWAIT));
    same("eleven", &-1, &send(small, 1, b"1", libc::IPC_NOWAIT));
    same("why", &libc::EAGAIN, &errno());
    remove_queue(named);
    remove_queue(small);
}
