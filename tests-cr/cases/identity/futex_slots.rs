// SPDX-License-Identifier: GPL-2.0

//! Fact: the size of the hash for private futexes comes back, and whether it is the user's choice.
//!
//! Could break: it belongs to the address space, which is made anew.

use ckpt_support::{checkpoint_here, must, raw, same};

const PR_FUTEX_HASH: usize = 78;
const SET_SLOTS: usize = 1;
const GET_SLOTS: usize = 2;

fn slots() -> i64 {
    raw(libc::SYS_prctl, &[PR_FUTEX_HASH, GET_SLOTS, 0, 0])
}

pub fn run() {
    let call = [PR_FUTEX_HASH, SET_SLOTS, 64, 0];
    must("PR_FUTEX_HASH", raw(libc::SYS_prctl, &call));
    checkpoint_here();
    same("slots", &64, &slots());
    // The kernel would choose another number for a program with threads.
    std::thread::spawn(|| ()).join().expect("a thread");
    same("slots with a thread", &64, &slots());
}
