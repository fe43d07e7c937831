// SPDX-License-Identifier: GPL-2.0

//! Fact: a parent waits for its vfork child until that ends, and gets its number.
//!
//! Could break: it returns at once, for ever waits, or takes the call as failed.

use std::sync::atomic::{AtomicI32, Ordering};

use ckpt_support::{checkpoint_here, same};

use super::borrowed::{own_number, step, vfork};
use crate::tasks::relatives::{end_of, FINE};

static CHILD: AtomicI32 = AtomicI32::new(0);

pub fn run() {
    let pid = vfork(|| {
        CHILD.store(own_number(), Ordering::SeqCst);
        checkpoint_here();
        // A parent that did not wait would be ahead.
        std::thread::sleep(std::time::Duration::from_millis(100));
        step();
        FINE
    });
    same("it was waited for", &1, &step());
    same("its number", &CHILD.load(Ordering::SeqCst), &pid);
    same("its end", &FINE, &end_of(pid));
}
