// SPDX-License-Identifier: GPL-2.0

//! Fact: what has ended inside waits to be waited for; also the first process, with whom its namespace
//! ended.
//!
//! Could break: a dead first process has to be the first of something again, and to end again.

use ckpt_support::{checkpoint_here, errno, same, wait_for_go};
use std::sync::atomic::Ordering::SeqCst;

use super::inside::{children_of, first, numbers, unshare};
use crate::tasks::relatives::{child, end_of, shared_word, state, wait_until, FINE};

fn wait_until_dead(pid: i32) {
    while state(&pid.to_string()) != 'Z' {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
}

pub fn run() {
    let word = shared_word();
    let init = first(|| {
        let dead = child(|| 7);
        // Whoever looks is outside: their /proc shows other numbers.
        word.fetch_add(1, SeqCst);
        wait_for_go();
        if end_of(dead) == 7 { FINE } else { 1 }
    });
    wait_until(word, 1);
    children_of(init).into_iter().for_each(wait_until_dead);
    let gone = first(|| 9);
    wait_until_dead(gone);
    // One whose namespace is also that of the next children, who will not come.
    let last = child(|| {
        unshare();
        let dead = child(|| 11);
        wait_until_dead(dead);
        word.fetch_add(1, SeqCst);
        wait_for_go();
        // SAFETY: the child ends at once.
        let forked = unsafe { libc::fork() };
        if forked == 0 {
            // SAFETY: ends the process.
            unsafe { libc::_exit(0) };
        }
        let refused = forked == -1 && errno() == libc::ENOMEM;
        if refused && end_of(dead) == 11 { FINE } else { 1 }
    });
    wait_until(word, 2);
    let before = numbers(&gone.to_string());
    checkpoint_here();
    same("numbers of the dead", &before, &numbers(&gone.to_string()));
    same("the dead first", &9, &end_of(gone));
    same("a dead child inside", &FINE, &end_of(init));
    same("nobody comes after it", &FINE, &end_of(last));
}
