// SPDX-License-Identifier: GPL-2.0

//! Fact: signals queued for one thread stay with it; those for the process are anybody's.
//!
//! Could break: they come to the wrong thread, or twice.

use std::sync::{Arc, Barrier};

use ckpt_support::{check, checkpoint_here, same, wait_for_go};

fn pending() -> u64 {
    let mut set = 0u64;
    // SAFETY: one set of signals to be filled.
    unsafe { libc::syscall(libc::SYS_rt_sigpending, &raw mut set, 8) };
    set
}

fn bit(signal: i32) -> u64 {
    1 << (signal - 1)
}

fn send_to_self(signal: i32) {
    // SAFETY: these take no address.
    unsafe {
        let own = libc::syscall(libc::SYS_gettid);
        libc::syscall(libc::SYS_tgkill, libc::getpid(), own, signal);
    }
}

pub fn run() {
    let all = !0u64;
    // SAFETY: reads eight bytes. Threads inherit it.
    unsafe {
        libc::syscall(libc::SYS_rt_sigprocmask, libc::SIG_BLOCK, &raw const all, 0, 8);
        libc::kill(libc::getpid(), libc::SIGUSR2);
    }
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
