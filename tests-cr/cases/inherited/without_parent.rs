// SPDX-License-Identifier: GPL-2.0

//! Fact: brothers share what their parent has written over, and the children of a process that has
//! gone share what was its own.
//!
//! Could break: whose page it was first need not have it any longer.

use std::sync::atomic::Ordering::SeqCst;

use ckpt_support::{checkpoint_here, same};

use super::frames::{all_shared, pattern, reads, write, written};
use crate::tasks::relatives::{child, checked_child, end_of, shared_word, wait_until, FINE};

const PAGES: usize = 64;

pub fn run() {
    let memory = written(PAGES);
    let (pids, ready) = (shared_word(), shared_word());
    let [first, second] = [(); 2].map(|()| {
        checked_child(|| {
            let fine = reads(&memory, 0, pattern);
            wait_until(ready, 4);
            fine
        })
    });
    write(&memory, 0, PAGES, |_| 255);
    // Its children outlive it.
    let gone = child(|| {
        write(&memory, 0, PAGES, |_| 77);
        let orphans = [(); 2].map(|()| {
            checked_child(|| {
                let fine = reads(&memory, 0, |_| 77);
                ready.fetch_add(u32::from(fine), SeqCst);
                wait_until(ready, 4);
                fine
            })
        });
        pids.store((orphans[0] as u32) << 16 | orphans[1] as u32, SeqCst);
        0
    });
    same("it has gone", &0, &end_of(gone));
    checkpoint_here();
    wait_until(ready, 2);
    let pids = pids.load(SeqCst);
    let (one, other) = ((pids >> 16).to_string(), (pids & 0xffff).to_string());
    all_shared("pages that orphans share", &one, &other, &memory, PAGES);
    all_shared("pages that brothers share", &first.to_string(), &second.to_string(), &memory, PAGES);
    all_shared("pages with the parent", "self", &first.to_string(), &memory, 0);
    ready.store(4, SeqCst);
    same("the parent", &true, &reads(&memory, 0, |_| 255));
    for child in [first, second] {
        same("a child", &FINE, &end_of(child));
    }
}
