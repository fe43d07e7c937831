// SPDX-License-Identifier: GPL-2.0

//! Fact: signals queued for one thread stay with it; those for the process are anybody's.
//!
//! Could break: they come to the wrong thread, or twice.

use std::sync::{Arc, Barrier};

use ckpt_support::signals::{bit, pending, set_blocked};
use ckpt_support::{check, checkpoint_here, same, wait_for_go};

use super::relatives::thread_number;

fn send_to_self(signal: i32) {
    // SAFETY: these take no address.
    unsafe { libc::syscall(libc::SYS_tgkill, libc::getpid(), thread_number(), signal) };
}

pub fn run() {
    // Threads inherit it.
    set_blocked(!0);
    // SAFETY: these take no address.
    unsafe { libc::kill(libc::getpid(), libc::SIGUSR2) };
    let start = Arc::new(Barrier::new(4));
    let threads: Vec<_> = (0..3)
        .map(|index| {
            let start = start.clone();
            std::thread::spawn(move || {
                send_to_self(40 + index);
                send_to_self(40 + index);
                start.wait();
                wait_for_go();
                let first = pending();
                let set = bit(40 + index);
                let zero = [0i64; 2];
                let mut taken = 0;
                // SAFETY: reads a set and a time.
                while unsafe {
                    libc::syscall(libc::SYS_rt_sigtimedwait, &raw const set, 0, &raw const zero, 8)
                } > 0
                {
                    taken += 1;
                }
                first == bit(40 + index) | bit(libc::SIGUSR2) && taken == 2
            })
        })
        .collect();
    start.wait();
    checkpoint_here();
    same("the first has", &bit(libc::SIGUSR2), &pending());
    for thread in threads {
        check(thread.join().expect("a result"), "a thread has its own");
    }
}
