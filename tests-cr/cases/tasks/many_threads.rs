// SPDX-License-Identifier: GPL-2.0

//! Fact: hundreds of threads come back, each with its number.
//!
//! Could break: what is done for each of them for all of them.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::SeqCst};

use ckpt_support::{checkpoint_here, same};

use super::relatives::{set, sleep_until_set, thread_number};

const THREADS: usize = 200;

static FINE: AtomicUsize = AtomicUsize::new(0);
static GO: AtomicU32 = AtomicU32::new(0);
static STARTED: AtomicUsize = AtomicUsize::new(0);

pub fn run() {
    let threads: Vec<_> = (0..THREADS)
        .map(|_| {
            let body = || {
                let before = thread_number();
                STARTED.fetch_add(1, SeqCst);
                sleep_until_set(&GO);
                FINE.fetch_add(usize::from(before == thread_number()), SeqCst);
            };
            let thread = std::thread::Builder::new().stack_size(32 * 1024);
            thread.spawn(body).expect("a thread")
        })
        .collect();
    while STARTED.load(SeqCst) < THREADS {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    checkpoint_here();
    set(&GO);
    for thread in threads {
        thread.join().expect("an end");
    }
    same("threads", &THREADS, &FINE.load(SeqCst));
}
