// SPDX-License-Identifier: GPL-2.0

//! Fact: a handler on the alternate stack that is checkpointed returns to the normal one; the
//! stack counts as in use meanwhile (SS_AUTODISARM takes it away until then).
//!
//! Could break: "on the stack" is derived from the stack pointer, and auto-disarm keeps the
//! registration in the signal frame only.

use std::sync::atomic::{AtomicI32, Ordering};

use ckpt_support::{anonymous, checkpoint_here, must, page_size, same};

const SS_AUTODISARM: i32 = 1 << 31;

static FLAGS_INSIDE: AtomicI32 = AtomicI32::new(0);

fn registered() -> libc::stack_t {
    // SAFETY: writes one stack_t.
    unsafe {
        let mut stack: libc::stack_t = std::mem::zeroed();
        must(
            "sigaltstack",
            libc::sigaltstack(std::ptr::null(), &mut stack),
        );
        stack
    }
}

extern "C" fn wait_inside(_: i32) {
    if FLAGS_INSIDE.load(Ordering::Relaxed) == 0 {
        checkpoint_here();
    }
    FLAGS_INSIDE.store(registered().ss_flags, Ordering::Relaxed);
}

fn raise_on_stack(flags: i32) {
    let size = 64 * page_size();
    let memory = anonymous(size);
    // SAFETY: the stack is memory of ours; the signal is raised by the program itself.
    unsafe {
        let stack = libc::stack_t {
            ss_sp: memory.pointer(),
            ss_flags: flags,
            ss_size: size,
        };
        must(
            "sigaltstack",
            libc::sigaltstack(&stack, std::ptr::null_mut()),
        );
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = wait_inside as extern "C" fn(i32) as usize;
        action.sa_flags = libc::SA_ONSTACK;
        must(
            "sigaction",
            libc::sigaction(libc::SIGUSR1, &action, std::ptr::null_mut()),
        );
        libc::raise(libc::SIGUSR1);
    }
    same(
        "registered stack",
        &(memory.pointer() as usize),
        &(registered().ss_sp as usize),
    );
}

pub fn run() {
    raise_on_stack(SS_AUTODISARM);
    same(
        "flags inside",
        &libc::SS_DISABLE,
        &FLAGS_INSIDE.load(Ordering::Relaxed),
    );
    raise_on_stack(0);
    same(
        "flags inside",
        &libc::SS_ONSTACK,
        &FLAGS_INSIDE.load(Ordering::Relaxed),
    );
}
