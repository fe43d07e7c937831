// SPDX-License-Identifier: GPL-2.0

//! Fact: children share the pages of their parent that nobody has written to since; then each write
//! is private, whoever writes.
//!
//! Could break: a copy for each is saved or made; or a write is seen by the others.

use std::sync::atomic::Ordering::SeqCst;

use ckpt_support::{checkpoint_here, same};

use super::frames::{all_shared, pattern, reads, write, written};
use crate::tasks::relatives::{checked_child, end_of, shared_word, wait_until, FINE};

const PAGES: usize = 300;

pub fn run() {
    let memory = written(PAGES);
    let (ready, compared, done) = (shared_word(), shared_word(), shared_word());
    let children = [1usize, 2, 3].map(|child| {
        write(&memory, 0, 0, pattern);
        checked_child(|| {
            let is_as_it_was = reads(&memory, 0, pattern);
            ready.fetch_add(1, SeqCst);
            wait_until(compared, 1);
            // Each writes to other pages than the others.
            write(&memory, child * 50, 50, |_| 200 + child as u8);
            done.fetch_add(1, SeqCst);
            wait_until(done, 4);
            let own = |page: usize| match page / 50 == child {
                true => 200 + child as u8,
                false => pattern(page),
            };
            is_as_it_was && reads(&memory, 0, own)
        })
    });
    checkpoint_here();
    wait_until(ready, 3);
    for child in children {
        all_shared("pages shared with a child", "self", &child.to_string(), &memory, PAGES);
    }
    compared.store(1, SeqCst);
    write(&memory, 0, 50, |_| 199);
    done.fetch_add(1, SeqCst);
    for child in children {
        same("a child", &FINE, &end_of(child));
    }
    same("the parent", &true, &reads(&memory, 50, pattern));
    same("what it wrote", &199, &memory.page(49)[0]);
}
