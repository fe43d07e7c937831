// SPDX-License-Identifier: GPL-2.0

//! Fact: a child hears (PR_SET_PDEATHSIG) of the end of the very thread that made it.
//!
//! Could break: the leader counts as its parent.

use std::sync::atomic::Ordering::SeqCst;

use ckpt_support::{checkpoint_here, same, wait_for_go};

use super::relatives::{child, end_of, shared_word, wait_until};

pub fn run() {
    let word = shared_word();
    let maker = std::thread::spawn(move || {
        let pid = child(|| {
            // SAFETY: takes no address.
            unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGUSR1) };
            word.fetch_add(1, SeqCst);
            loop {
                // SAFETY: takes no address.
                unsafe { libc::pause() };
            }
        });
        word.fetch_add(100, SeqCst);
        wait_for_go();
        pid
    });
    wait_until(word, 101);
    checkpoint_here();
    let pid = maker.join().expect("a pid");
    same("it has heard", &-libc::SIGUSR1, &end_of(pid));
}
