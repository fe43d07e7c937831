// SPDX-License-Identifier: GPL-2.0

//! Fact: a vfork child goes on when its parent is killed.
//!
//! Could break: what it completes was on the stack of the parent.

use std::sync::atomic::Ordering;

use ckpt_support::{checkpoint_here, must, same};

use super::borrowed::vfork;
use crate::tasks::relatives::{child, end_of, set, shared_word, sleep_until_set, wait_until};

pub fn run() {
    let (begun, killed, done) = (shared_word(), shared_word(), shared_word());
    let parent = child(|| {
        vfork(|| {
            begun.store(1, Ordering::SeqCst);
            sleep_until_set(killed);
            done.store(1, Ordering::SeqCst);
            0
        });
        1
    });
    wait_until(begun, 1);
    checkpoint_here();
    // SAFETY: takes no address.
    must("kill", unsafe { libc::kill(parent, libc::SIGKILL) });
    same("its end", &-libc::SIGKILL, &end_of(parent));
    set(killed);
    wait_until(done, 1);
}
