// SPDX-License-Identifier: GPL-2.0

//! Fact: children and grandchildren have their pids and their parents, and are waited for.
//!
//! Could break: who is whose.

use ckpt_support::{checkpoint_here, same};

use super::relatives::{checked_child, child, end_of, FINE};

fn ids() -> (i32, i32, i32, i32) {
    // SAFETY: these take no address.
    unsafe { (libc::getpid(), libc::getppid(), libc::getpgrp(), libc::getsid(0)) }
}

fn is_still(before: (i32, i32, i32, i32)) -> bool {
    ids() == before
}

pub fn run() {
    let before = ids();
    let first = checked_child(|| true);
    let second = child(|| {
        let before = ids();
        let inner = child(|| {
            let before = ids();
            ckpt_support::wait_for_go();
            if is_still(before) { FINE } else { 1 }
        });
        ckpt_support::wait_for_go();
        if is_still(before) && end_of(inner) == FINE { FINE } else { 1 }
    });
    checkpoint_here();
    same("own number", &before.0, &ids().0);
    same("the second", &FINE, &end_of(second));
    same("the first", &FINE, &end_of(first));
    let mut status = 0;
    // SAFETY: one int for the status.
    same("no more", &-1, &unsafe { libc::wait(&mut status) });
}
