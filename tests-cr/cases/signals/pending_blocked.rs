// SPDX-License-Identifier: GPL-2.0

//! Fact: blocked signals that wait are there after a restart, and delivered when unblocked.
//!
//! Could break: there are two queues, one of the thread and one of the process.

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
        let mut set: libc::sigset_t = std::mem::zeroed();
        for signal in [libc::SIGUSR1, libc::SIGUSR2] {
            libc::sigaddset(&mut set, signal);
            must(
                "sigaction",
                libc::sigaction(signal, &action, std::ptr::null_mut()),
            );
        }
        libc::sigprocmask(libc::SIG_BLOCK, &set, std::ptr::null_mut());
        // To the process, and to the thread.
        must("kill", libc::kill(libc::getpid(), libc::SIGUSR1));
        libc::raise(libc::SIGUSR2);
        checkpoint_here();
        same("delivered while blocked", &0, &SEEN.load(Ordering::Relaxed));
        libc::sigprocmask(libc::SIG_UNBLOCK, &set, std::ptr::null_mut());
    }
    same(
        "delivered",
        &(libc::SIGUSR1 + libc::SIGUSR2),
        &SEEN.load(Ordering::Relaxed),
    );
}
