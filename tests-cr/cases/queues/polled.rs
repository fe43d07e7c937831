// SPDX-License-Identifier: GPL-2.0

//! Fact: epolls that look at queues tell of what has happened and was not told yet, by edge and by
//! level, and of what happens from then on.
//!
//! Could break: filling the queue again would be an event.

use ckpt_support::{checkpoint_here, same};

use super::{close, make, name, open, receive, send, unlink};
use crate::events::tools::{epoll, ready_in, watch, EDGE, IN, ONCE, OUT};

pub fn run() {
    let names = [name("edge"), name("level")];
    let [edge, level] = [0, 1].map(|index| make(&names[index], libc::O_RDWR, 2, 16));
    let other = open(&names[1], libc::O_RDWR | libc::O_NONBLOCK);
    names.iter().for_each(unlink);
    let [seen, unseen] = [epoll(), epoll()];
    watch(seen, edge, IN | EDGE, 1);
    watch(unseen, edge, IN | EDGE, 2);
    watch(seen, level, IN, 3);
    watch(seen, other, OUT | ONCE, 4);
    same("send", &0, &send(edge, b"one", 0));
    let mut first = ready_in(seen, 9);
    first.sort_unstable();
    same("at first", &vec![1, 4], &first);
    same("send", &0, &send(level, b"two", 0));
    checkpoint_here();
    same("not told yet", &vec![2], &ready_in(unseen, 9));
    same("by level", &vec![3], &ready_in(seen, 9));
    same("still", &vec![3], &ready_in(seen, 9));
    same("told once", &Vec::new(), &ready_in(unseen, 9));
    same("receive", &Ok((0, b"two".to_vec())), &receive(other));
    same("no more", &Vec::new(), &ready_in(seen, 9));
    same("send", &0, &send(edge, b"three", 0));
    same("by edge", &vec![1], &ready_in(seen, 9));
    same("by edge", &vec![2], &ready_in(unseen, 9));
    [edge, level, other].into_iter().for_each(close);
}
