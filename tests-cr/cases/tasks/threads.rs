// SPDX-License-Identifier: GPL-2.0

//! Fact: threads have their numbers, names, masks and thread-local storage.
//!
//! Could break: one is mixed up with another.

use std::cell::Cell;
use std::sync::{Arc, Barrier};

use ckpt_support::{check, checkpoint_here, same, wait_for_go};

thread_local!(static OWN: Cell<usize> = const { Cell::new(0) });

const THREADS: usize = 12;

fn number() -> i64 {
    // SAFETY: takes no address.
    unsafe { libc::syscall(libc::SYS_gettid) }
}

fn mask() -> u64 {
    let mut mask = 0u64;
    // SAFETY: reads the mask into eight bytes.
    unsafe {
        libc::syscall(libc::SYS_rt_sigprocmask, libc::SIG_BLOCK, 0, &raw mut mask, 8);
    }
    mask
}

fn block(signal: usize) {
    let set = 1u64 << (signal - 1);
    // SAFETY: reads eight bytes.
    unsafe {
        libc::syscall(libc::SYS_rt_sigprocmask, libc::SIG_BLOCK, &raw const set, 0, 8);
    }
}

fn name() -> Vec<u8> {
    let path = format!("/proc/self/task/{}/comm", number());
    std::fs::read(path).expect("comm")
}

pub fn run() {
    let start = Arc::new(Barrier::new(THREADS + 1));
    let threads: Vec<_> = (0..THREADS)
        .map(|index| {
            let start = start.clone();
            let body = move || {
                OWN.set(index + 100);
                block(34 + index);
                let before = (number(), mask(), name());
                start.wait();
                wait_for_go();
                (before == (number(), mask(), name())) && OWN.get() == index + 100
            };
            std::thread::Builder::new()
                .name(format!("thread {index}"))
                .spawn(body)
                .expect("a thread")
        })
        .collect();
    start.wait();
    let before = (number(), mask());
    checkpoint_here();
    same("the first", &before, &(number(), mask()));
    for (index, thread) in threads.into_iter().enumerate() {
        let is_fine = thread.join().expect("a result");
        check(is_fine, &format!("thread {index} is as it was"));
    }
}
