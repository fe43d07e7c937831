// SPDX-License-Identifier: GPL-2.0

//! Fact: relatives that came back fork again, and end in any order.
//!
//! Could break: what links relatives in the kernel is only right until one of them goes.

use ckpt_support::{checkpoint_here, same};

use super::frames::{pattern, reads, write, written};
use crate::tasks::relatives::{checked_child, child, end_of, FINE};

const PAGES: usize = 50;

/// Forks three levels deep; each level writes a part and ends after its child, or before it.
fn tree(memory: &ckpt_support::Mapping, level: usize) -> bool {
    if level == 3 {
        return true;
    }
    let says = |page: usize| match page / 10 {
        part if part < level => 250,
        _ => pattern(page),
    };
    let fine = reads(memory, 0, says);
    write(memory, level * 10, 10, |_| 250);
    let next = child(|| if tree(memory, level + 1) { FINE } else { 1 });
    let early = child(|| 0);
    fine && end_of(early) == 0 && end_of(next) == FINE
}

pub fn run() {
    let memory = written(PAGES);
    let children = [(); 3].map(|()| checked_child(|| tree(&memory, 0)));
    checkpoint_here();
    let last = child(|| if tree(&memory, 0) { FINE } else { 1 });
    for child in children.into_iter().rev() {
        same("a child", &FINE, &end_of(child));
    }
    same("the last", &FINE, &end_of(last));
    same("the parent", &true, &reads(&memory, 0, pattern));
}
