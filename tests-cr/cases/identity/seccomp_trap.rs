// SPDX-License-Identifier: GPL-2.0

//! Fact: a filter that turns a system call into SIGSYS still tells the handler which one it was.
//!
//! Could break: the handler gets the number, the filter's own sixteen bits, and the place.

use std::sync::atomic::{AtomicI32, Ordering};

use ckpt_support::{checkpoint_here, must, raw, same};

use super::confined::install;

static ERROR: AtomicI32 = AtomicI32::new(0);
static CODE: AtomicI32 = AtomicI32::new(0);

extern "C" fn handler(_: i32, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
    // SAFETY: the kernel passes a siginfo.
    unsafe {
        ERROR.store((*info).si_errno, Ordering::Relaxed);
        CODE.store((*info).si_code, Ordering::Relaxed);
    }
}

pub fn run() {
    // SAFETY: the action is filled in as sigaction(2) wants it.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO;
        let nowhere = std::ptr::null_mut();
        must("sigaction", libc::sigaction(libc::SIGSYS, &action, nowhere));
    }
    install(libc::SYS_getppid, libc::SECCOMP_RET_TRAP | 321, 0);
    checkpoint_here();
    raw(libc::SYS_getppid, &[]);
    same("the filter's number", &321, &ERROR.load(Ordering::Relaxed));
    const SYS_SECCOMP: i32 = 1;
    same("the code", &SYS_SECCOMP, &CODE.load(Ordering::Relaxed));
}
