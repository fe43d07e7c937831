// SPDX-License-Identifier: GPL-2.0

//! Fact: threads inside have their numbers, at each level; one of them has a namespace for its
//! children that the others have not.
//!
//! Could break: the number of a thread is that of the wrong level.

use ckpt_support::{checkpoint_here, same, wait_for_go};
use std::sync::atomic::Ordering::SeqCst;

use super::inside::{first, numbers, unshare};
use crate::tasks::relatives::{child, end_of, shared_word, thread_number, wait_until, FINE};

pub fn run() {
    let word = shared_word();
    let init = first(|| {
        let thread = |own: bool| {
            std::thread::spawn(move || {
                if own {
                    unshare();
                }
                let seen = || (thread_number(), numbers("thread-self"));
                let before = seen();
                word.fetch_add(1, SeqCst);
                wait_for_go();
                // SAFETY: takes no address.
                let number = end_of(child(|| unsafe { libc::getpid() }));
                seen() == before && (number == 1) == own
            })
        };
        let threads = [false, true, false].map(thread);
        wait_until(word, 3);
        word.fetch_add(1, SeqCst);
        let fine = threads.map(|thread| thread.join().expect("a thread"));
        if fine == [true; 3] { FINE } else { 1 }
    });
    wait_until(word, 4);
    checkpoint_here();
    same("all are fine", &FINE, &end_of(init));
}
