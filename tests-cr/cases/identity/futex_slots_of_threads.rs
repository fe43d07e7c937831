// SPDX-License-Identifier: GPL-2.0

//! Fact: a program that once had threads has the hash for private futexes that they brought.
//!
//! Could break: nobody asked for it, and the threads are gone.

use ckpt_support::{checkpoint_here, raw, same};

fn slots() -> i64 {
    const PR_FUTEX_HASH: usize = 78;
    raw(libc::SYS_prctl, &[PR_FUTEX_HASH, 2, 0, 0])
}

pub fn run() {
    std::thread::spawn(|| ()).join().expect("a thread");
    let before = slots();
    same("some", &true, &(before > 0));
    checkpoint_here();
    same("slots", &before, &slots());
}
