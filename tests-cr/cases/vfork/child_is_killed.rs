// SPDX-License-Identifier: GPL-2.0

//! Fact: a parent goes on when its vfork child is killed.
//!
//! Could break: nobody tells it.

use std::sync::atomic::Ordering;

use ckpt_support::{ready, same, wait_for_go};

use super::borrowed::{own_number, vfork};
use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};

pub fn run() {
    let word = shared_word();
    let killer = child(|| {
        wait_until(word, 1);
        wait_for_go();
        // SAFETY: takes no address.
        unsafe { libc::kill(word.load(Ordering::SeqCst) as i32, libc::SIGKILL) };
        FINE
    });
    let pid = vfork(|| {
        word.store(own_number() as u32, Ordering::SeqCst);
        ready();
        loop {
            // SAFETY: takes no address.
            unsafe { libc::pause() };
        }
    });
    same("its end", &-libc::SIGKILL, &end_of(pid));
    same("the other's", &FINE, &end_of(killer));
}
