// SPDX-License-Identifier: GPL-2.0

//! Fact: a task that has asked for a signal when it reads the time stamp counter goes on getting it,
//! and can take that back.
//!
//! Could break: it is a flag of the task and a bit of a control register, switched together.

use std::sync::atomic::{AtomicU32, Ordering};

use ckpt_support::{checkpoint_here, must, same};

static FAULTS: AtomicU32 = AtomicU32::new(0);

extern "C" fn faulted(_: i32, _: *mut libc::siginfo_t, context: *mut libc::ucontext_t) {
    FAULTS.fetch_add(1, Ordering::Relaxed);
    // SAFETY: the kernel passes a valid context; the instruction is two bytes long.
    unsafe { (*context).uc_mcontext.gregs[libc::REG_RIP as usize] += 2 };
}

fn set(mode: i32) {
    // SAFETY: takes no pointer.
    must("PR_SET_TSC", unsafe {
        libc::prctl(libc::PR_SET_TSC, mode, 0, 0, 0)
    });
}

fn get() -> i32 {
    let mut mode = 0i32;
    // SAFETY: writes one number.
    must("PR_GET_TSC", unsafe {
        libc::prctl(libc::PR_GET_TSC, &raw mut mode, 0, 0, 0)
    });
    mode
}

fn faults_when_read() -> u32 {
    let before = FAULTS.load(Ordering::Relaxed);
    // SAFETY: reads a counter, or is stepped over.
    unsafe { std::arch::asm!("rdtsc", out("eax") _, out("edx") _) };
    FAULTS.load(Ordering::Relaxed) - before
}

pub fn run() {
    // SAFETY: the handler touches an atomic and its own context.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = faulted as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO;
        must(
            "sigaction",
            libc::sigaction(libc::SIGSEGV, &action, std::ptr::null_mut()),
        );
    }
    set(libc::PR_TSC_SIGSEGV);
    same("faults before", &1, &faults_when_read());
    checkpoint_here();
    same("mode", &libc::PR_TSC_SIGSEGV, &get());
    same("faults", &1, &faults_when_read());
    set(libc::PR_TSC_ENABLE);
    same("faults when it is on again", &0, &faults_when_read());
}
