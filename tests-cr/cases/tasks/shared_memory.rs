// SPDX-License-Identifier: GPL-2.0

//! Fact: shared memory is seen by all as one; private memory is everybody's own.
//!
//! Could break: a copy for each, or one for all.

use std::sync::atomic::Ordering::SeqCst;

use ckpt_support::{anonymous, checkpoint_here, page_size, same};

use super::relatives::{checked_child, end_of, shared_word, FINE};

pub fn run() {
    let word = shared_word();
    word.store(5, SeqCst);
    let private = anonymous(64 * page_size());
    for page in 0..64 {
private.page(page)[0] = page as u8 + 1;
    }
    let reads = |page: usize| {
private.page(page)[0]
    };
    let child = checked_child(|| {
        let sees = (0..64).all(|page| reads(page) == page as u8 + 1);
        for page in 0..32 {
private.page(page)[0] = 200;
        }
        word.fetch_add(10, SeqCst);
        sees && (0..32).all(|page| reads(page) == 200)
    });
    checkpoint_here();
    same("the child", &FINE, &end_of(child));
    same("shared", &15, &word.load(SeqCst));
    same("private", &true, &(0..64).all(|page| reads(page) == page as u8 + 1));
}
