// SPDX-License-Identifier: GPL-2.0

//! Fact: a pid namespace with its first process, a child of that, a grandchild and an orphan is there
//! again, with all numbers, inside and outside.
//!
//! Could break: numbers are those of the wrong namespace; the orphan belongs to somebody outside.

use std::sync::atomic::Ordering::SeqCst;

use ckpt_support::{checkpoint_here, same, wait_for_go};

use super::inside::{first, ids, next, numbers};
use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};

fn waiter(before: [i32; 4]) -> i32 {
    wait_for_go();
    if ids() == before { FINE } else { 1 }
}

pub fn run() {
    let word = shared_word();
    let outer = first(|| {
        let before = ids();
        same("the first", &[1, 0], &[before[0], before[1]]);
        let branch = child(|| {
            let leaf = child(|| {
                word.fetch_add(1, SeqCst);
                waiter(ids())
            });
            let code = waiter(ids());
            if end_of(leaf) == FINE { code } else { 1 }
        });
        // An orphan, whose number its father leaves behind.
        let orphan = shared_word();
        let father = child(|| {
            child(|| {
                // SAFETY: takes no address.
                while unsafe { libc::getppid() } != 1 {
                    std::thread::yield_now();
                }
                let before = ids();
                orphan.store(before[0] as u32, SeqCst);
                word.fetch_add(1, SeqCst);
                waiter(before)
            });
            0
        });
        end_of(father);
        wait_until(orphan, 1);
        let last = next();
        word.fetch_add(1, SeqCst);
        let code = waiter(before);
        same("the next number", &(last + 1), &next());
        let fine = end_of(branch) == FINE && end_of(orphan.load(SeqCst) as i32) == FINE;
        if fine { code } else { 1 }
    });
    wait_until(word, 3);
    let before = numbers(&outer.to_string());
    same("seen from outside", &Some(&1), &before.last());
    checkpoint_here();
    same("seen from outside", &before, &numbers(&outer.to_string()));
    same("all is fine inside", &FINE, &end_of(outer));
}
