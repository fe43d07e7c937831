// SPDX-License-Identifier: GPL-2.0

//! Fact: an orphan that init or a subreaper has adopted is its child, in the session that it was in.
//!
//! Could break: its session's leader is dead.

use std::sync::atomic::Ordering::SeqCst;

use ckpt_support::{checkpoint_here, must, same, wait_for_go};

use super::relatives::{child, end_of, shared_word, wait_until, FINE};

fn ids() -> [i32; 4] {
    // SAFETY: these take no address.
    unsafe { [libc::getpid(), libc::getppid(), libc::getpgrp(), libc::getsid(0)] }
}

pub fn run() {
    // SAFETY: takes no address.
    must("subreaper", unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1) });
    let word = shared_word();
    // A daemon as daemons are made: forked twice, its session's leader gone.
    let leader = child(|| {
        // SAFETY: takes no address.
        must("setsid", unsafe { libc::setsid() });
        child(|| {
            wait_until(word, 1);
            let leader = word.load(SeqCst) as i32;
            // SAFETY: takes no address.
            while unsafe { libc::getppid() } == leader {
                std::thread::yield_now();
            }
            let before = ids();
            word.store(before[0] as u32, SeqCst);
            wait_for_go();
            if ids() == before { FINE } else { 1 }
        });
        0
    });
    word.store(leader as u32, SeqCst);
    same("the leader goes", &0, &end_of(leader));
    while word.load(SeqCst) == leader as u32 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let daemon = word.load(SeqCst) as i32;
    // SAFETY: takes no address.
    same("its session", &leader, &unsafe { libc::getsid(daemon) });
    checkpoint_here();
    // SAFETY: takes no address.
    same("its session", &leader, &unsafe { libc::getsid(daemon) });
    same("it is ours", &FINE, &end_of(daemon));
}
