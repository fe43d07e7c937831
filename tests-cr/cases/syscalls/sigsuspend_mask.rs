// SPDX-License-Identifier: GPL-2.0

//! Fact: sigsuspend goes on with its own mask until a signal comes, and the old mask is back then.
//!
//! Could break: two masks are in force: the one of the call, and the one to put back when it ends.

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

fn blocked() -> u64 {
    let mut mask = 0u64;
    let call = [libc::SIG_BLOCK as usize, 0, &raw mut mask as usize, 8];
    must(
        "rt_sigprocmask",
        ckpt_support::raw(libc::SYS_rt_sigprocmask, &call),
    );
    mask
}

pub fn run() {
    install();
    let outside = 1u64 << (libc::SIGUSR1 - 1) | 1 << (libc::SIGHUP - 1);
    let inside = 1u64 << (libc::SIGUSR2 - 1);
    let call = [
        libc::SIG_SETMASK as usize,
        &raw const outside as usize,
        0,
        8,
    ];
    must(
        "rt_sigprocmask",
        ckpt_support::raw(libc::SYS_rt_sigprocmask, &call),
    );
    ready_inside_until_signal(libc::SYS_rt_sigsuspend, libc::SIGUSR1);
    let result = ckpt_support::raw(libc::SYS_rt_sigsuspend, &[&raw const inside as usize, 8]);
    same("sigsuspend", &(-1, libc::EINTR), &(result, errno()));
    same("signal", &libc::SIGUSR1, &SEEN.load(Ordering::Relaxed));
    same("mask afterwards", &outside, &blocked());
    wait_for_go();
}
