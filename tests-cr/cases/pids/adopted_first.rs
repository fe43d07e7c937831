// SPDX-License-Identifier: GPL-2.0

//! Fact: the first process of a namespace whose maker has died is a child of whoever has adopted it.
//!
//! Could break: it is an orphan of the namespace around its own.

use ckpt_support::{checkpoint_here, must, same, wait_for_go};
use std::sync::atomic::Ordering::SeqCst;

use super::inside::{first, ids};
use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};

pub fn run() {
    // SAFETY: takes no address.
    must("subreaper", unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1) });
    let (word, number) = (shared_word(), shared_word());
    let maker = child(|| {
        // SAFETY: takes no address.
        must("setsid", unsafe { libc::setsid() });
        let init = first(|| {
            let inner = child(|| {
                let before = ids();
                word.fetch_add(1, SeqCst);
                wait_for_go();
                if ids() == before { FINE } else { 1 }
            });
            let before = ids();
            word.fetch_add(1, SeqCst);
            wait_for_go();
            if ids() == before && end_of(inner) == FINE { FINE } else { 1 }
        });
        number.store(init as u32, SeqCst);
        wait_until(word, 2);
        0
    });
    same("the maker goes", &0, &end_of(maker));
    let init = number.load(SeqCst) as i32;
    // SAFETY: takes no address.
    let session = || unsafe { libc::getsid(init) };
    same("its session", &maker, &session());
    checkpoint_here();
    same("its session", &maker, &session());
    same("it is ours", &FINE, &end_of(init));
}
