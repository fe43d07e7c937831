// SPDX-License-Identifier: GPL-2.0

//! What tells of events: what has happened and nobody has read of is there again, and once.

pub mod tools;

/// An epoll that looks at a counter, which is ready.
pub fn one_that_waits() -> i32 {
    let epoll = tools::epoll();
    tools::watch(epoll, tools::counter(1, 0), tools::IN, 5);
    epoll
}

/// It still does.
pub fn check_one_that_waits(epoll: i32) {
    ckpt_support::same("epoll", &vec![5], &tools::ready_in(epoll, 2));
}

facts! {
    both: counters, ready;
    dynamic: asleep, clock_set, counters_wake, epoll_wait, epoll_wait_mask, exclusive, keys, signals, timers, whose_signals,
}
