// SPDX-License-Identifier: GPL-2.0

//! Fact: CLONE_VFORK without CLONE_VM waits for a child with memory of its own.
//!
//! Could break: who waits is taken for one who lends memory.

use std::sync::atomic::Ordering;

use ckpt_support::{checkpoint_here, same};

use super::borrowed::{step, vfork_with, STEPS};
use crate::tasks::relatives::{end_of, shared_word, FINE};

pub fn run() {
    let word = shared_word();
    let pid = vfork_with(libc::SIGCHLD, || {
        checkpoint_here();
        word.store(1, Ordering::SeqCst);
        step();
        FINE
    });
    same("it was waited for", &1, &word.load(Ordering::SeqCst));
    same("memory of its own", &0, &STEPS.load(Ordering::SeqCst));
    same("its end", &FINE, &end_of(pid));
}
