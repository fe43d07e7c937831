// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in poll(2) on both sides of a terminal goes on until something comes.
//!
//! Could break: poll remembers how to go on by itself.

use std::sync::atomic::{AtomicI32, Ordering};

use ckpt_support::pipes::{events, write};
use ckpt_support::signals::handle;
use ckpt_support::terminals::pair;
use ckpt_support::{errno, ready_inside_until_signal, same, wait_for_go};

static OTHER: AtomicI32 = AtomicI32::new(-1);

extern "C" fn write_some(_: i32) {
    let _ = write(OTHER.load(Ordering::Relaxed), b"x\n");
}

pub fn run() {
    let [master, slave] = pair();
    OTHER.store(master, Ordering::Relaxed);
    handle(libc::SIGUSR1, 0, write_some);
    let mut both = [master, slave].map(|fd| libc::pollfd {
        fd,
        events: libc::POLLIN,
        revents: 0,
    });
    ready_inside_until_signal(libc::SYS_poll, libc::SIGUSR1);
    let pointer = both.as_mut_ptr() as usize;
    let result = ckpt_support::raw(libc::SYS_poll, &[pointer, 2, usize::MAX]);
    // A handler ends it, with or without SA_RESTART.
    same("poll", &(-1, libc::EINTR), &(result, errno()));
    // What is typed and what is echoed are carried to the other side by somebody else.
    let all = libc::POLLIN | libc::POLLOUT;
    let then = || [slave, master].map(events);
    for _ in 0..1000 {
        if then() == [all; 2] {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    same("then", &[all; 2], &then());
    wait_for_go();
}
