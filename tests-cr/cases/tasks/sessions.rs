// SPDX-License-Identifier: GPL-2.0

//! Fact: sessions and process groups are as they were, whether their leaders live or not.
//!
//! Could break: a group whose leader has gone.

use std::sync::atomic::Ordering::SeqCst;

use ckpt_support::{checkpoint_here, must, same, wait_for_go};

use super::relatives::{child, end_of, shared_word, wait_until, FINE};

fn ids() -> [i32; 3] {
    // SAFETY: these take no address.
    unsafe { [libc::getpid(), libc::getpgrp(), libc::getsid(0)] }
}

fn waiter() -> i32 {
    let before = ids();
    wait_for_go();
    if ids() == before { FINE } else { 1 }
}

pub fn run() {
    let word = shared_word();
    // A session with a group of its own in it.
    let session = child(|| {
        // SAFETY: takes no address.
        must("setsid", unsafe { libc::setsid() });
        let job = child(|| {
            // SAFETY: takes no address.
            must("setpgid", unsafe { libc::setpgid(0, 0) });
            word.fetch_add(1, SeqCst);
            waiter()
        });
        wait_until(word, 1);
        let other = child(|| {
            // SAFETY: takes no address.
            must("setpgid", unsafe { libc::setpgid(0, job) });
            word.fetch_add(1, SeqCst);
            waiter()
        });
        let code = waiter();
        if end_of(job) == FINE && end_of(other) == FINE { code } else { 1 }
    });
    wait_until(word, 2);
    // A group whose leader has gone, and was waited for.
    let leader = child(|| {
        // SAFETY: takes no address.
        must("setpgid", unsafe { libc::setpgid(0, 0) });
        word.fetch_add(1, SeqCst);
        wait_until(word, 4);
        0
    });
    wait_until(word, 3);
    let member = child(|| {
        // SAFETY: takes no address.
        must("setpgid", unsafe { libc::setpgid(0, leader) });
        word.fetch_add(1, SeqCst);
        waiter()
    });
    same("the leader goes", &0, &end_of(leader));
    // SAFETY: takes no address.
    let group = unsafe { libc::getpgid(member) };
    same("its group stays", &leader, &group);
    checkpoint_here();
    // SAFETY: takes no address.
    same("still", &leader, &unsafe { libc::getpgid(member) });
    same("a member of it", &FINE, &end_of(member));
    same("a session", &FINE, &end_of(session));
}
