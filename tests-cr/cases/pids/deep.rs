// SPDX-License-Identifier: GPL-2.0

//! Fact: namespaces in namespaces, and beside each other, with the same numbers in them.
//!
//! Could break: somebody comes to be in the namespace beside.

use ckpt_support::{checkpoint_here, same, wait_for_go};
use std::sync::atomic::Ordering::SeqCst;

use super::inside::{children_of, first, ids, numbers};
use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};

/// So many namespaces below, with a child in each.
fn tower(levels: u32, word: &'static std::sync::atomic::AtomicU32) -> i32 {
    let before = ids();
    let inner = (levels > 0).then(|| first(|| tower(levels - 1, word)));
    let beside = child(|| {
        let before = ids();
        word.fetch_add(1, SeqCst);
        wait_for_go();
        wait_until(word, 1000);
        if ids() == before { FINE } else { 1 }
    });
    word.fetch_add(1, SeqCst);
    wait_for_go();
    // Until they have been looked at.
    wait_until(word, 1000);
    let children = std::fs::read_link("/proc/self/ns/pid_for_children").expect("a namespace");
    let same_place = std::fs::read_link("/proc/self/ns/pid").expect("a namespace") == children;
    let ends = end_of(beside) == FINE && inner.is_none_or(|inner| end_of(inner) == FINE);
    if ids() == before && same_place && ends { FINE } else { 1 }
}

pub fn run() {
    let word = shared_word();
    let towers = [3, 3, 1].map(|levels| first(|| tower(levels, word)));
    wait_until(word, 20);
    let depths = || {
        let seen = |tower: i32| -> Vec<Vec<i32>> {
            let mut all = vec![tower];
            let mut next = 0;
            while let Some(pid) = all.get(next) {
                all.extend(children_of(*pid));
                next += 1;
            }
            all.iter().map(|pid| numbers(&pid.to_string())).collect()
        };
        towers.map(seen)
    };
    let before = depths();
    checkpoint_here();
    same("numbers", &before, &depths());
    word.store(1000, SeqCst);
    for tower in towers {
        same("a tower", &FINE, &end_of(tower));
    }
}
