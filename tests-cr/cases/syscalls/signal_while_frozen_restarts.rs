// SPDX-License-Identifier: GPL-2.0

//! Fact: a signal that comes while a program is frozen in a call is handled when it goes on; if its
//! handler says so (SA_RESTART), the call is then made again.
//!
//! Could break: the handler returns to an instruction that the kernel has gone back to, with the number
//! of the call where its result would be.

use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};

use ckpt_support::{
    check, errno, must, raw, ready_signalled_inside_until_signal, same, wait_for_go,
};

static FIRST: AtomicI32 = AtomicI32::new(0);
static LAST: AtomicI32 = AtomicI32::new(0);
static WORD: AtomicU32 = AtomicU32::new(0);

extern "C" fn first(signal: i32) {
    FIRST.store(signal, Ordering::Relaxed);
}

/// Ends the wait, also if it comes together with the first and the call is made again after both.
extern "C" fn last(signal: i32) {
    LAST.store(signal, Ordering::Relaxed);
    WORD.store(1, Ordering::Relaxed);
}

fn handle(signal: i32, handler: extern "C" fn(i32), flags: i32) {
    // SAFETY: the handlers only touch atomics.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as usize;
        action.sa_flags = flags;
        let set = libc::sigaction(signal, &action, std::ptr::null_mut());
        must("sigaction", set);
    }
}

pub fn run() {
    handle(libc::SIGUSR1, first, libc::SA_RESTART);
    handle(libc::SIGUSR2, last, 0);
    ready_signalled_inside_until_signal(libc::SYS_futex, libc::SIGUSR1, libc::SIGUSR2);
    let call = [WORD.as_ptr() as usize, libc::FUTEX_WAIT as usize, 0, 0];
    let result = raw(libc::SYS_futex, &call);
    let error = errno();
    check(
        result == -1 && [libc::EINTR, libc::EAGAIN].contains(&error),
        &format!("futex: {result}, errno {error}"),
    );
    same("first", &libc::SIGUSR1, &FIRST.load(Ordering::Relaxed));
    same("last", &libc::SIGUSR2, &LAST.load(Ordering::Relaxed));
    wait_for_go();
}
