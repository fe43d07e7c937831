// SPDX-License-Identifier: GPL-2.0

//! Fact: a pid namespace that nobody is in yet is still to be that of the next child; and one whose
//! first process has ended takes nobody any more.
//!
//! Could break: nobody leads to it but the task that made it.

use ckpt_support::{checkpoint_here, errno, same, wait_for_go};
use std::sync::atomic::Ordering::SeqCst;

use super::inside::{ids, unshare};
use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};

/// What fork says, if it fails.
fn forks() -> i32 {
    // SAFETY: the child ends at once.
    match unsafe { libc::fork() } {
        -1 => errno(),
        // SAFETY: as above.
        0 => unsafe { libc::_exit(0) },
        pid => end_of(pid),
    }
}

pub fn run() {
    let word = shared_word();
    let early = child(|| {
        let before = ids();
        unshare();
        word.fetch_add(1, SeqCst);
        wait_for_go();
        // SAFETY: takes no address.
        let number = end_of(child(|| unsafe { libc::getpid() }));
        let second = forks();
        let fine = ids() == before && number == 1 && second == libc::ENOMEM;
        if fine { FINE } else { 1 }
    });
    let late = child(|| {
        let before = ids();
        unshare();
        let was = (forks(), forks(), forks());
        word.fetch_add(1, SeqCst);
        wait_for_go();
        let is = (0, forks(), forks());
        let fine = ids() == before && was == (0, libc::ENOMEM, libc::ENOMEM) && is == was;
        if fine { FINE } else { 1 }
    });
    wait_until(word, 2);
    checkpoint_here();
    same("one that nobody was in", &FINE, &end_of(early));
    same("one that nobody can enter", &FINE, &end_of(late));
}
