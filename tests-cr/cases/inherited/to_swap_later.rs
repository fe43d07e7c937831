// SPDX-License-Identifier: GPL-2.0

//! Fact: pages that relatives share can be swapped out from all of them later, and come back.
//!
//! Could break: the kernel does not find everybody who maps a page, and gives it to somebody else.

use std::sync::atomic::Ordering::SeqCst;

use ckpt_support::{check, checkpoint_here, same, swap};

use super::frames::{frames, pattern, reads, write, written};
use crate::tasks::relatives::{checked_child, end_of, shared_word, wait_until, FINE};

const PAGES: usize = 400;

pub fn run() {
    let memory = written(PAGES);
    let (ready, swapped) = (shared_word(), shared_word());
    let children = [(); 3].map(|()| {
        checked_child(|| {
            ready.fetch_add(1, SeqCst);
            memory.advise(0, PAGES, libc::MADV_PAGEOUT);
            wait_until(swapped, 1);
            let fine = reads(&memory, 0, pattern);
            write(&memory, 0, PAGES, |_| 3);
            fine && reads(&memory, 0, |_| 3)
        })
    });
    checkpoint_here();
    let area = swap::on();
    wait_until(ready, 3);
    // What others have mapped too is not paged out for one of them: reclaim does that to all.
    let group = std::fs::read_to_string("/proc/self/cgroup").expect("a cgroup");
    let group = group.trim().rsplit_once("::").expect("a path").1.to_string();
    let reclaim = format!("/sys/fs/cgroup{group}/memory.reclaim");
    let mut gone = 0;
    for _ in 0..1000 {
        let _ = std::fs::write(&reclaim, "1M");
        gone = frames("self", &memory).iter().filter(|frame| **frame == 0).count();
        if gone > PAGES / 4 {
            break;
        }
    }
    swapped.store(1, SeqCst);
    same("the parent", &true, &reads(&memory, 0, pattern));
    for child in children {
        same("a child", &FINE, &end_of(child));
    }
    same("the parent, later", &true, &reads(&memory, 0, pattern));
    swap::off(&area);
    check(gone > PAGES / 4, &format!("{gone} pages were swapped out"));
}
