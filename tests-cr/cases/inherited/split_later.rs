// SPDX-License-Identifier: GPL-2.0

//! Fact: areas that were divided, joined or unmapped in part since the fork still share.
//!
//! Could break: an area of the child is none of the parent's.

use std::sync::atomic::Ordering::SeqCst;

use ckpt_support::{checkpoint_here, same};

use super::frames::{all_shared, pattern, reads, written};
use crate::tasks::relatives::{checked_child, child as relative, end_of, shared_word, wait_until, FINE};

const PAGES: usize = 90;

pub fn run() {
    let memory = written(PAGES);
    let (divided, ready, compared) = (shared_word(), shared_word(), shared_word());
    let checks = || {
        let fine = reads(&memory, 0, pattern);
        ready.fetch_add(1, SeqCst);
        wait_until(compared, 1);
        fine
    };
    let whole = checked_child(checks);
    let parts = relative(|| {
        memory.protect(20, 10, libc::PROT_READ);
        memory.advise(40, 10, libc::MADV_DONTDUMP);
        divided.store(1, SeqCst);
        ckpt_support::wait_for_go();
        if checks() {
            FINE
        } else {
            1
        }
    });
    wait_until(divided, 1);
    memory.protect(10, 50, libc::PROT_READ);
    checkpoint_here();
    wait_until(ready, 2);
    for child in [whole, parts] {
        all_shared("pages shared", "self", &child.to_string(), &memory, PAGES);
    }
    compared.store(1, SeqCst);
    memory.protect(10, 50, libc::PROT_READ | libc::PROT_WRITE);
    memory.page(15).fill(0);
    for child in [whole, parts] {
        same("a child", &FINE, &end_of(child));
    }
    same("the parent", &true, &reads(&memory, 16, pattern));
}
