// SPDX-License-Identifier: GPL-2.0

//! Fact: with CLONE_PARENT, who is waited for is no child of the one who waits.
//!
//! Could break: the one who waits is found among the parents.

use std::sync::atomic::{AtomicU32, Ordering};

use ckpt_support::{ready, same, wait_for_go};

use super::borrowed::{own_number, step, vfork_with};
use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};

fn waits(sibling: &AtomicU32) -> i32 {
    let flags = libc::CLONE_VM | libc::CLONE_PARENT | libc::SIGCHLD;
    let pid = vfork_with(flags, || {
        sibling.store(own_number() as u32, Ordering::SeqCst);
        wait_for_go();
        step();
        4
    });
    if step() == 1 && pid as u32 == sibling.load(Ordering::SeqCst) {
        FINE
    } else {
        1
    }
}

pub fn run() {
    let sibling = shared_word();
    let parent = child(|| waits(sibling));
    wait_until(sibling, 1);
    ready();
    wait_for_go();
    same("the sibling", &4, &end_of(sibling.load(Ordering::SeqCst) as i32));
    same("who waited", &FINE, &end_of(parent));
}
