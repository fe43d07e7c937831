// SPDX-License-Identifier: GPL-2.0

//! Fact: pause goes on until a signal comes.
//!
//! Could break: it restarts only when no handler ran.

use std::sync::atomic::{AtomicI32, Ordering};

use ckpt_support::{errno, must, ready_inside_until_signal, same, wait_for_go};

static SEEN: AtomicI32 = AtomicI32::new(0);

extern "C" fn note(signal: i32) {
    SEEN.store(signal, Ordering::Relaxed);
}

fn install() {
    // SAFETY: the handler only touches an atomic.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = note as extern "C" fn(i32) as usize;
        must(
            "sigaction",
            libc::sigaction(libc::SIGUSR1, &action, std::ptr::null_mut()),
        );
    }
}

pub fn run() {
    install();
    ready_inside_until_signal(libc::SYS_pause, libc::SIGUSR1);
    let result = ckpt_support::raw(libc::SYS_pause, &[]);
    same("pause", &(-1, libc::EINTR), &(result, errno()));
    same("signal", &libc::SIGUSR1, &SEEN.load(Ordering::Relaxed));
    wait_for_go();
}
