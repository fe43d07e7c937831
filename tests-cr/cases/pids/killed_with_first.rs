// SPDX-License-Identifier: GPL-2.0

//! Fact: when the first process is killed after the restart, everybody in its namespace goes with it,
//! and in those inside of that.
//!
//! Could break: it is the first only by its number.

use ckpt_support::{checkpoint_here, errno, must, same, wait_for_go};
use std::sync::atomic::Ordering::SeqCst;

use super::inside::{children_of, first};
use crate::tasks::relatives::{child, end_of, shared_word, wait_until};

fn sleeper() -> i32 {
    loop {
        // SAFETY: takes no address.
        unsafe { libc::pause() };
    }
}

pub fn run() {
    let word = shared_word();
    let init = first(|| {
        child(|| {
            wait_for_go();
            // SAFETY: takes no address.
            must("kill", unsafe { libc::kill(1, libc::SIGKILL) });
            word.fetch_add(1, SeqCst);
            sleeper()
        });
        first(|| {
            child(sleeper);
            word.fetch_add(1, SeqCst);
            sleeper()
        });
        // From inside nobody can kill it.
        // SAFETY: takes no address.
        must("kill", unsafe { libc::kill(1, libc::SIGKILL) });
        word.fetch_add(1, SeqCst);
        sleeper()
    });
    wait_until(word, 2);
    let below = children_of(init);
    let last = children_of(below[1]);
    let all = [init, below[0], below[1], last[0]];
    checkpoint_here();
    // Still nobody can kill it from inside.
    wait_until(word, 3);
    // SAFETY: takes no address.
    let is_there = |pid: i32| unsafe { libc::kill(pid, 0) } == 0 || errno() != libc::ESRCH;
    same("all are there", &[true; 4], &all.map(is_there));
    // SAFETY: takes no address.
    must("kill", unsafe { libc::kill(init, libc::SIGKILL) });
    same("the first", &-libc::SIGKILL, &end_of(init));
    same("nobody is there", &[false; 4], &all.map(is_there));
}
