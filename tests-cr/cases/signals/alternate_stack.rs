// SPDX-License-Identifier: GPL-2.0

//! Fact: the alternate signal stack is registered after a restart, and handlers run on it.
//!
//! Could break: it is three numbers of the task that nothing else shows.

use std::sync::atomic::{AtomicUsize, Ordering};

use ckpt_support::{anonymous, check, checkpoint_here, must, page_size, same};

static HANDLER_STACK: AtomicUsize = AtomicUsize::new(0);

extern "C" fn note(_: i32) {
    let local = 0u8;
    HANDLER_STACK.store(&raw const local as usize, Ordering::Relaxed);
}

fn registered() -> (usize, i32, usize) {
    // SAFETY: writes one stack_t.
    unsafe {
        let mut stack: libc::stack_t = std::mem::zeroed();
        must(
            "sigaltstack",
            libc::sigaltstack(std::ptr::null(), &mut stack),
        );
        (stack.ss_sp as usize, stack.ss_flags, stack.ss_size)
    }
}

pub fn run() {
    let size = 16 * page_size();
    let memory = anonymous(size);
    let start = memory.pointer() as usize;
    // SAFETY: the stack is memory of ours that lives on; the handler only touches an atomic.
    unsafe {
        let stack = libc::stack_t {
            ss_sp: memory.pointer(),
            ss_flags: 0,
            ss_size: size,
        };
        must(
            "sigaltstack",
            libc::sigaltstack(&stack, std::ptr::null_mut()),
        );
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = note as extern "C" fn(i32) as usize;
        action.sa_flags = libc::SA_ONSTACK;
        must(
            "sigaction",
            libc::sigaction(libc::SIGUSR1, &action, std::ptr::null_mut()),
        );
    }
    checkpoint_here();
    same("stack", &(start, 0, size), &registered());
    // SAFETY: as above.
    unsafe { libc::raise(libc::SIGUSR1) };
    let used = HANDLER_STACK.load(Ordering::Relaxed);
    check(
        (start..start + size).contains(&used),
        "the handler ran on another stack",
    );
}
