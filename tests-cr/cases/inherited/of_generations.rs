// SPDX-License-Identifier: GPL-2.0

//! Fact: five generations, each of which has written a part: every page is shared by exactly those
//! who have the same.
//!
//! Could break: a page that comes from the third generation is in nobody's area by the first.

use std::sync::atomic::Ordering::SeqCst;

use ckpt_support::{checkpoint_here, same};

use super::frames::{all_shared, pattern, reads, write, written};
use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};

const PART: usize = 10;
const GENERATIONS: usize = 5;

fn says(generation: usize) -> impl Fn(usize) -> u8 {
    move |page| match page / PART {
        part if part > 0 && part <= generation => 250 + part as u8,
        _ => pattern(page),
    }
}

/// What the generations from `own` on do; the oldest asks.
fn live(own: usize, memory: &ckpt_support::Mapping, words: [&'static std::sync::atomic::AtomicU32; 2]) -> bool {
    let [ready, compared] = words;
    if own > 0 {
        write(memory, own * PART, PART, says(own));
    }
    let next = (own + 1 < GENERATIONS).then(|| {
        child(|| match live(own + 1, memory, words) {
            true => FINE,
            false => 1,
        })
    });
    let number = next.map(|child| child.to_string());
    match own {
        0 => checkpoint_here(),
        _ => ckpt_support::wait_for_go(),
    }
    let fine = reads(memory, 0, says(own));
    if let Some(number) = &number {
        all_shared("pages shared with the child", "self", number, memory, (GENERATIONS - 1) * PART);
    }
    ready.fetch_add(1, SeqCst);
    wait_until(ready, GENERATIONS as u32);
    compared.store(1, SeqCst);
    write(memory, 0, PART, |_| own as u8 + 1);
    let next = next.is_none_or(|next| end_of(next) == FINE);
    fine && next && reads(memory, PART, says(own)) && memory.page(3)[0] == own as u8 + 1
}

pub fn run() {
    let memory = written(GENERATIONS * PART);
    same("all of them", &true, &live(0, &memory, [shared_word(), shared_word()]));
}
