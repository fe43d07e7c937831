// SPDX-License-Identifier: GPL-2.0

//! Fact: a thread waits for a vfork child while the first thread goes on.
//!
//! Could break: the process is taken for the one who waits.

use std::sync::atomic::{AtomicU32, Ordering};

use ckpt_support::{checkpoint_here, same, wait_for_go};

use super::borrowed::{step, vfork};
use crate::tasks::relatives::{end_of, wait_until, FINE};

static BEGUN: AtomicU32 = AtomicU32::new(0);

pub fn run() {
    let thread = std::thread::spawn(|| {
        let pid = vfork(|| {
            BEGUN.store(1, Ordering::SeqCst);
            wait_for_go();
            step();
            FINE
        });
        (step(), end_of(pid))
    });
    wait_until(&BEGUN, 1);
    checkpoint_here();
    let (steps, end) = thread.join().expect("an end");
    same("it was waited for", &1, &steps);
    same("its end", &FINE, &end);
}
