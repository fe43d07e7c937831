// SPDX-License-Identifier: GPL-2.0

//! Fact: a program that is checkpointed inside a signal handler returns from it to where it was.
//!
//! Could break: the frame on the user's stack holds registers, vector state and mask, and the
//! kernel checks its layout when the handler returns.

use std::sync::atomic::{AtomicU64, Ordering};

use ckpt_support::{checkpoint_here, must, same};

static BLOCKED_INSIDE: AtomicU64 = AtomicU64::new(0);

fn blocked() -> u64 {
    let mut mask = 0u64;
    let call = [libc::SIG_BLOCK as usize, 0, &raw mut mask as usize, 8];
    must(
        "rt_sigprocmask",
        ckpt_support::raw(libc::SYS_rt_sigprocmask, &call),
    );
    mask
}

extern "C" fn wait_inside(_: i32) {
    checkpoint_here();
    BLOCKED_INSIDE.store(blocked(), Ordering::Relaxed);
}

pub fn run() {
    let before = blocked();
    // SAFETY: the signal is raised by the program itself, in a place where anything may be called.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = wait_inside as extern "C" fn(i32) as usize;
        libc::sigaddset(&mut action.sa_mask, libc::SIGTERM);
        must(
            "sigaction",
            libc::sigaction(libc::SIGUSR1, &action, std::ptr::null_mut()),
        );
        let (mut sum, values) = (0.0f64, std::hint::black_box([1.5f64, 2.25, 3.125]));
        libc::raise(libc::SIGUSR1);
        for value in values {
            sum += value;
        }
        same("sum", &6.875, &sum);
    }
    let during = before | 1 << (libc::SIGUSR1 - 1) | 1 << (libc::SIGTERM - 1);
    same(
        "mask inside",
        &during,
        &BLOCKED_INSIDE.load(Ordering::Relaxed),
    );
    same("mask afterwards", &before, &blocked());
}
