// SPDX-License-Identifier: GPL-2.0

//! Fact: of those who look exclusively (EPOLLEXCLUSIVE), the one who came first is woken, and nobody
//! else; of the others, all are.
//!
//! Could break: it goes by the order in a queue of the kernel, across epolls.

use ckpt_support::{checkpoint_here, same};

use super::tools::{
    add, counter, epoll, lives, take, wait, wait_until_inside, watch, EDGE, EXCLUSIVE, IN,
};
use crate::tasks::relatives::{child, end_of, FINE};

pub fn run() {
    let only = counter(0, libc::EFD_NONBLOCK);
    let epolls = [(); 4].map(|()| epoll());
    // Not in the order of their numbers.
    let order = [2, 0, 3, 1];
    for index in order {
        watch(epolls[index], only, IN | EDGE | EXCLUSIVE, index as u64);
    }
    let waiters = epolls.map(|epoll| {
        let pid = child(|| match wait(epoll, 1, -1) {
            Ok(found) if found.len() == 1 => FINE,
            _ => 1,
        });
        wait_until_inside(pid, libc::SYS_epoll_wait);
        pid
    });
    let shared = counter(0, libc::EFD_NONBLOCK);
    let all = [(); 3].map(|()| {
        let epoll = epoll();
        watch(epoll, shared, IN | EDGE, 1);
        epoll
    });

    checkpoint_here();

    for pid in waiters {
        wait_until_inside(pid, libc::SYS_epoll_wait);
    }
    let mut left = order.to_vec();
    while !left.is_empty() {
        let first = left.remove(0);
        same("add", &Ok(8), &add(only, 1));
        same("the first", &FINE, &end_of(waiters[first]));
        for other in &left {
            same("asleep", &true, &lives(waiters[*other]));
        }
        same("take", &Ok(1), &take(only));
    }
    same("add", &Ok(8), &add(shared, 1));
    for epoll in all {
        same("each", &Ok(vec![(IN, 1)]), &wait(epoll, 1, 0));
        same("once", &Ok(Vec::new()), &wait(epoll, 1, 0));
    }
}
