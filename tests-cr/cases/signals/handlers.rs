// SPDX-License-Identifier: GPL-2.0

//! Fact: a handler that was installed before is called after a restart, and returns properly.
//!
//! Could break: returning takes the restorer, the saved mask and the frame on the stack.

use std::sync::atomic::{AtomicI32, Ordering};

use ckpt_support::{checkpoint_here, must, same};

static SEEN: AtomicI32 = AtomicI32::new(0);

extern "C" fn note(signal: i32) {
    SEEN.fetch_add(signal, Ordering::Relaxed);
}

pub fn run() {
    // SAFETY: the handler only touches an atomic.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = note as extern "C" fn(i32) as usize;
        must(
            "sigaction",
            libc::sigaction(libc::SIGUSR1, &action, std::ptr::null_mut()),
        );
        libc::raise(libc::SIGUSR1);
    }
    same(
        "signals before",
        &libc::SIGUSR1,
        &SEEN.load(Ordering::Relaxed),
    );
    checkpoint_here();
    // SAFETY: as above.
    unsafe { libc::raise(libc::SIGUSR1) };
    same(
        "signals after",
        &(2 * libc::SIGUSR1),
        &SEEN.load(Ordering::Relaxed),
    );
}
