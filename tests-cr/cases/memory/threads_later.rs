// SPDX-License-Identifier: GPL-2.0

//! Fact: a restarted program can start threads.
//!
//! Could break: the C library gets stacks, thread-local storage, the robust list and rseq from the
//! kernel anew, and checks what it knows of the first thread.

use ckpt_support::{checkpoint_here, same};

thread_local!(static OWN: std::cell::Cell<u64> = const { std::cell::Cell::new(7) });

pub fn run() {
    OWN.set(1);
    checkpoint_here();
    let threads: Vec<_> = (0..4u64)
        .map(|index| {
            std::thread::spawn(move || {
                let inherited = OWN.get();
                OWN.set(index);
                std::thread::yield_now();
                inherited * 100 + OWN.get()
            })
        })
        .collect();
    let results: Vec<u64> = threads
        .into_iter()
        .map(|thread| thread.join().expect("a thread"))
        .collect();
    same(
        "results of the threads",
        &vec![700, 701, 702, 703],
        &results,
    );
    same("thread-local value of the first", &1, &OWN.get());
}
