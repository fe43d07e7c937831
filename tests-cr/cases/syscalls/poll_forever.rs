// SPDX-License-Identifier: GPL-2.0

//! Fact: poll without a timeout goes on until a signal comes, and only then fails with EINTR.
//!
//! Could break: the freezer interrupts the call, and that must not be seen.

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
    let mut entry = libc::pollfd {
        fd: -1,
        events: libc::POLLIN,
        revents: 0,
    };
    ready_inside_until_signal(libc::SYS_poll, libc::SIGUSR1);
    // SAFETY: one entry.
    let result = unsafe { libc::poll(&mut entry, 1, -1) };
    same("poll", &(-1, libc::EINTR), &(result, errno()));
    same("signal", &libc::SIGUSR1, &SEEN.load(Ordering::Relaxed));
    wait_for_go();
}
