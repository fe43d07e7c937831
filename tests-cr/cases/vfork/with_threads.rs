// SPDX-License-Identifier: GPL-2.0

//! Fact: the first thread waits for a vfork child while other threads go on.
//!
//! Could break: a process counts as one that waits, or as one that does not.

use std::sync::atomic::{AtomicU32, Ordering};

use ckpt_support::{ready, same, wait_for_go};

use super::borrowed::{step, vfork};
use crate::tasks::relatives::{end_of, FINE};

static ROUNDS: AtomicU32 = AtomicU32::new(0);

pub fn run() {
    let thread = std::thread::spawn(|| {
        while ROUNDS.fetch_add(1, Ordering::SeqCst) < u32::MAX / 2 {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    });
    let pid = vfork(|| {
        ready();
        wait_for_go();
        let rounds = ROUNDS.load(Ordering::SeqCst);
        while ROUNDS.load(Ordering::SeqCst) < rounds + 5 {
            std::thread::yield_now();
        }
        step();
        FINE
    });
    same("it was waited for", &1, &step());
    same("its end", &FINE, &end_of(pid));
    ROUNDS.store(u32::MAX / 2, Ordering::SeqCst);
    thread.join().expect("an end");
}
