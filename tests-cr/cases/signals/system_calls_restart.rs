// SPDX-License-Identifier: GPL-2.0

//! Fact: a handler with SA_RESTART that comes after a restart lets the interrupted call go on.
//!
//! Could break: the call was restarted once already, by the restart, and its number must still be
//! known.

use std::sync::atomic::{AtomicBool, Ordering};

use ckpt_support::{check, must, ready_inside_until_signal, same, wait_for_go};

static SEEN: AtomicBool = AtomicBool::new(false);

static WORD: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);

extern "C" fn note(_: i32) {
    SEEN.store(true, Ordering::Relaxed);
    // The futex call goes on, and finds that it need not wait any more.
    WORD.store(1, Ordering::Relaxed);
}

pub fn run() {
    // SAFETY: the handler only touches atomics.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = note as extern "C" fn(i32) as usize;
        action.sa_flags = libc::SA_RESTART;
        must(
            "sigaction",
            libc::sigaction(libc::SIGUSR1, &action, std::ptr::null_mut()),
        );
    }
    ready_inside_until_signal(libc::SYS_futex, libc::SIGUSR1);
    let call = [WORD.as_ptr() as usize, libc::FUTEX_WAIT as usize, 0, 0];
    let result = ckpt_support::raw(libc::SYS_futex, &call);
    check(
        SEEN.load(Ordering::Relaxed),
        "the call ended without the signal",
    );
    same(
        "result",
        &(-1, libc::EAGAIN),
        &(result, ckpt_support::errno()),
    );
    wait_for_go();
}
