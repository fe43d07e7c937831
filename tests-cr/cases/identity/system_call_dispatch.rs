// SPDX-License-Identifier: GPL-2.0

//! Fact: syscall user dispatch comes back: the program's own byte still says whether calls become
//! SIGSYS, and the range that is let through is the same.
//!
//! Could break: the restart itself is a system call.

use std::sync::atomic::{AtomicI32, AtomicU8, Ordering};

use ckpt_support::{checkpoint_here, must, raw, same};

const PR_SET_SYSCALL_USER_DISPATCH: i32 = 59;
const OUTSIDE: usize = 1;
const INSIDE: usize = 2;
const ALLOW: u8 = 0;
const BLOCK: u8 = 1;

static SELECTOR: AtomicU8 = AtomicU8::new(ALLOW);
static DISPATCHED: AtomicI32 = AtomicI32::new(0);
static CODE: AtomicI32 = AtomicI32::new(0);

extern "C" fn handler(_: i32, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
    SELECTOR.store(ALLOW, Ordering::Relaxed);
    // SAFETY: the kernel passes a siginfo.
    CODE.store(unsafe { (*info).si_code }, Ordering::Relaxed);
    DISPATCHED.fetch_add(1, Ordering::Relaxed);
}

fn set(mode: usize, start: usize, length: usize) {
    let option = PR_SET_SYSCALL_USER_DISPATCH as usize;
    let selector = &raw const SELECTOR as usize;
    let call = [option, mode, start, length, selector];
    must("prctl", raw(libc::SYS_prctl, &call));
}

/// How many of one call are dispatched while the byte says so.
fn dispatched() -> i32 {
    let before = DISPATCHED.load(Ordering::Relaxed);
    SELECTOR.store(BLOCK, Ordering::Relaxed);
    raw(libc::SYS_getppid, &[]);
    SELECTOR.store(ALLOW, Ordering::Relaxed);
    DISPATCHED.load(Ordering::Relaxed) - before
}

/// Where the C library's system calls are made.
fn library() -> (usize, usize) {
    let address = libc::syscall as *const () as usize;
    (address, 256)
}

/// Sets one mode and looks at it again after the checkpoint.
pub fn check_mode(mode: usize, start: usize, length: usize, expected: i32) {
    // SAFETY: the action is filled in as sigaction(2) wants it.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO;
        let nowhere = std::ptr::null_mut();
        must("sigaction", libc::sigaction(libc::SIGSYS, &action, nowhere));
    }
    set(mode, start, length);
    checkpoint_here();
    same("dispatched", &expected, &dispatched());
    const SYS_USER_DISPATCH: i32 = 2;
    if expected > 0 {
        same("code", &SYS_USER_DISPATCH, &CODE.load(Ordering::Relaxed));
    }
}

pub fn run() {
    check_mode(OUTSIDE, 0, 0, 1);
}

pub fn run_with_library_let_through() {
    let (start, length) = library();
    check_mode(OUTSIDE, start, length, 0);
}

pub fn run_with_library_only() {
    let (start, length) = library();
    check_mode(INSIDE, start, length, 1);
}
