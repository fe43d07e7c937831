// SPDX-License-Identifier: GPL-2.0

//! Masks and handlers.

use std::sync::atomic::{AtomicI32, Ordering};

use crate::check::same;
use crate::sys::{errno, must, raw};
use crate::turn::{ready_inside_until_signal, wait_for_go};

static SEEN: AtomicI32 = AtomicI32::new(0);
static COUNT: AtomicI32 = AtomicI32::new(0);

extern "C" fn note(signal: i32) {
    SEEN.store(signal, Ordering::Relaxed);
    COUNT.fetch_add(1, Ordering::Relaxed);
}

/// From now on this handler takes this signal; it does nothing but what a handler may do.
pub fn handle(signal: i32, flags: i32, handler: extern "C" fn(i32)) {
    // SAFETY: the handler is a function for one number, which lives for ever.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as usize;
        action.sa_flags = flags;
        let set = libc::sigaction(signal, &action, std::ptr::null_mut());
        must("sigaction", set);
    }
}

/// From now on a handler notes this signal.
pub fn note_signal(signal: i32) {
    handle(signal, 0, note);
}

/// The signal that was noted last; zero: none.
pub fn signal_seen() -> i32 {
    SEEN.load(Ordering::Relaxed)
}

/// How many were noted.
pub fn signals_seen() -> i32 {
    COUNT.load(Ordering::Relaxed)
}

/// A signal's bit in a mask.
pub fn bit(signal: i32) -> u64 {
    1 << (signal - 1)
}

/// The blocked signals, as the kernel has them.
pub fn blocked() -> u64 {
    let mut mask = 0u64;
    let call = [libc::SIG_BLOCK as usize, 0, &raw mut mask as usize, 8];
    must("rt_sigprocmask", raw(libc::SYS_rt_sigprocmask, &call));
    mask
}

/// Blocks these and no others.
pub fn set_blocked(mask: u64) {
    let call = [libc::SIG_SETMASK as usize, &raw const mask as usize, 0, 8];
    must("rt_sigprocmask", raw(libc::SYS_rt_sigprocmask, &call));
}

/// The signals that wait, of the thread and of the process.
pub fn pending() -> u64 {
    let mut mask = 0u64;
    must(
        "rt_sigpending",
        raw(libc::SYS_rt_sigpending, &[&raw mut mask as usize, 8]),
    );
    mask
}

/// Is caught in a call that has a mask for itself, given to it by its address: the call goes on with it
/// until a signal comes that the mask lets through, and then the old mask is back.
pub fn keeps_its_mask(name: &str, number: i64, call: impl FnOnce(usize) -> i64) {
    note_signal(libc::SIGUSR1);
    let outside = bit(libc::SIGUSR1) | bit(libc::SIGHUP);
    let inside = bit(libc::SIGUSR2);
    set_blocked(outside);
    ready_inside_until_signal(number, libc::SIGUSR1);
    let result = call(&raw const inside as usize);
    same(name, &(-1, libc::EINTR), &(result, errno()));
    same("signal", &libc::SIGUSR1, &signal_seen());
    same("mask afterwards", &outside, &blocked());
    wait_for_go();
}
