// SPDX-License-Identifier: GPL-2.0

//! Fact: pages that relatives share and that are in swap come back.
//!
//! Could break: they are in the tables of none of them.

use ckpt_support::{checkpoint_here, same, swap};

use super::frames::{pattern, reads, write, written};
use crate::tasks::relatives::{checked_child, end_of, FINE};

const PAGES: usize = 200;

pub fn run() {
    let area = swap::on();
    let memory = written(PAGES);
    memory.advise(0, PAGES, libc::MADV_PAGEOUT);
    let children = [(); 2].map(|()| {
        checked_child(|| {
            let fine = reads(&memory, 0, pattern);
            write(&memory, 0, PAGES, |_| 3);
            fine
        })
    });
    checkpoint_here();
    for child in children {
        same("a child", &FINE, &end_of(child));
    }
    same("the parent", &true, &reads(&memory, 0, pattern));
    swap::off(&area);
}
