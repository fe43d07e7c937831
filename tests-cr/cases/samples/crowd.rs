// SPDX-License-Identifier: GPL-2.0

//! Many tasks, as many as the file `crowd` says, each of which leaves a mark when it runs: in `marks`,
//! as a number that grows. A few of them never sleep, so that they leave it with the first
//! instructions that they execute; the others do so once a second.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use ckpt_support::{checkpoint_here, file_with, page_size, same, Mapping};

use crate::tasks::relatives::{child, end_of, FINE};

/// Each so many is one that never sleeps.
const RESTLESS: usize = 100;

/// Tasks below each of the children.
const BRANCH: usize = 20;

pub fn run() {
    let text = std::fs::read_to_string("crowd").expect("crowd");
    let count: usize = text.trim().parse().expect("a number");
    let size = (4 * (count + 2)).next_multiple_of(page_size());
    let file = file_with("marks", &vec![0; size]);
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let marks = Mapping::of_file(&file, size, rights, libc::MAP_SHARED);
    let first = marks.page(0).as_mut_ptr().cast::<AtomicU32>();
    // SAFETY: the mapping stays, and has room for one number more than there are tasks.
    let marks: &[AtomicU32] = unsafe { std::slice::from_raw_parts(first, count + 1) };
    let end = &marks[count];
    let live = |number: usize| {
        while end.load(SeqCst) == 0 {
            marks[number].fetch_add(1, SeqCst);
            match number % RESTLESS {
                0 => std::thread::yield_now(),
                _ => std::thread::sleep(std::time::Duration::from_secs(1)),
            }
        }
        FINE
    };
    let branch = |first: usize| {
        let last = (first + BRANCH).min(count);
        let leaves: Vec<i32> = (first + 1..last)
            .map(|number| child(|| live(number)))
            .collect();
        let own = live(first);
        match leaves.into_iter().all(|leaf| end_of(leaf) == FINE) {
            true => own,
            false => 1,
        }
    };
    let children: Vec<i32> = (1..count)
        .step_by(BRANCH)
        .map(|first| child(|| branch(first)))
        .collect();
    while marks[1..count].iter().any(|mark| mark.load(SeqCst) == 0) {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    checkpoint_here();
    end.store(1, SeqCst);
    for pid in children {
        same("a branch", &FINE, &end_of(pid));
    }
}
