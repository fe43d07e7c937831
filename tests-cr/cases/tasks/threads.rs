// SPDX-License-Identifier: GPL-2.0

//! Fact: threads have their numbers, names, masks and thread-local storage.
//!
//! Could break: one is mixed up with another.

use std::cell::Cell;
use std::sync::{Arc, Barrier};

use ckpt_support::signals::{bit, blocked, set_blocked};
use ckpt_support::{check, checkpoint_here, same, wait_for_go};

use super::relatives::thread_number;

thread_local!(static OWN: Cell<usize> = const { Cell::new(0) });

const THREADS: usize = 12;

fn name() -> Vec<u8> {
    let path = format!("/proc/self/task/{}/comm", thread_number());
    std::fs::read(path).expect("comm")
}

pub fn run() {
    let start = Arc::new(Barrier::new(THREADS + 1));
    let threads: Vec<_> = (0..THREADS)
        .map(|index| {
            let start = start.clone();
            let body = move || {
                OWN.set(index + 100);
                set_blocked(blocked() | bit(34 + index as i32));
                let before = (thread_number(), blocked(), name());
                start.wait();
                wait_for_go();
                (before == (thread_number(), blocked(), name())) && OWN.get() == index + 100
            };
            std::thread::Builder::new()
                .name(format!("thread {index}"))
                .spawn(body)
                .expect("a thread")
        })
        .collect();
    start.wait();
    let before = (thread_number(), blocked());
    checkpoint_here();
    same("the first", &before, &(thread_number(), blocked()));
    for (index, thread) in threads.into_iter().enumerate() {
        let is_fine = thread.join().expect("a result");
        check(is_fine, &format!("thread {index} is as it was"));
    }
}
