// SPDX-License-Identifier: GPL-2.0

//! Fact: who has called unshare(CLONE_NEWPID) stays where it is, and all its children are in the new
//! namespace: those that it has, and those to come.
//!
//! Could break: a second child has a parent outside of its namespace and is not the first there.

use ckpt_support::{checkpoint_here, same, wait_for_go};
use std::sync::atomic::Ordering::SeqCst;

use super::inside::{ids, numbers, unshare};
use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};

pub fn run() {
    let word = shared_word();
    // Without the parent, who is outside.
    let own = || [0, 2, 3].map(|which| ids()[which]);
    let before = own();
    unshare();
    let waiter = || {
        let before = ids();
        word.fetch_add(1, SeqCst);
        wait_for_go();
        // With the first one all end: it waits for the others.
        wait_until(word, if before[0] == 1 { 4 } else { 3 });
        if ids() == before { FINE } else { 1 }
    };
    let first = child(waiter);
    let second = child(waiter);
    wait_until(word, 2);
    let seen = |pid: i32| *numbers(&pid.to_string()).last().expect("a number");
    same("numbers", &(1, 2), &(seen(first), seen(second)));
    checkpoint_here();
    same("own ids", &before, &own());
    same("numbers", &(1, 2), &(seen(first), seen(second)));
    let third = child(|| {
        word.fetch_add(1, SeqCst);
        // SAFETY: takes no address.
        unsafe { libc::getpid() }
    });
    same("the third", &3, &end_of(third));
    same("the second", &FINE, &end_of(second));
    word.fetch_add(1, SeqCst);
    same("the first", &FINE, &end_of(first));
}
