// SPDX-License-Identifier: GPL-2.0

//! Fact: a program that steps through its own instructions, by the trap flag, goes on doing so: not
//! one instruction runs without its trap, and none traps twice.
//!
//! Could break: the trap flag of a debugger looks the same, and it is the kernel that hides it.

use std::sync::atomic::{AtomicU64, Ordering};

use ckpt_support::{check, must, ready, same, GoFlag};

std::arch::global_asm!(
    ".global ckpt_step, ckpt_step_loop, ckpt_step_compare, ckpt_step_jump, ckpt_step_end",
    "ckpt_step:",
    "pushfq",
    "or qword ptr [rsp], 0x100",
    "popfq",
    "ckpt_step_loop: nop",
    "ckpt_step_compare: cmp byte ptr [rdi], 0x31",
    "ckpt_step_jump: jne ckpt_step_loop",
    "ckpt_step_end: pushfq",
    "and qword ptr [rsp], ~0x100",
    "popfq",
    "ret",
);

extern "C" {
    /// Steps through a loop until `*go` is `1`.
    fn ckpt_step(go: *const u8);
    static ckpt_step_loop: u8;
    static ckpt_step_compare: u8;
    static ckpt_step_jump: u8;
    static ckpt_step_end: u8;
}

static STEPS: AtomicU64 = AtomicU64::new(0);
static LAST: AtomicU64 = AtomicU64::new(0);
static WRONG: AtomicU64 = AtomicU64::new(0);

extern "C" fn trapped(_: i32, _: *mut libc::siginfo_t, context: *mut libc::ucontext_t) {
    // SAFETY: the kernel passes a valid context.
    let next = unsafe { (*context).uc_mcontext.gregs[libc::REG_RIP as usize] } as u64;
    let [start, compare, jump, end] = [
        &raw const ckpt_step_loop as u64,
        &raw const ckpt_step_compare as u64,
        &raw const ckpt_step_jump as u64,
        &raw const ckpt_step_end as u64,
    ];
    let last = LAST.swap(next, Ordering::Relaxed);
    let follows = if last == start {
        next == compare
    } else if last == compare {
        next == jump
    } else if last == jump {
        next == start || next == end
    } else {
        // The first trap comes after the instruction behind the one that set the flag.
        last >= end || next == start || next == compare
    };
    if !follows {
        WRONG.fetch_add(1, Ordering::Relaxed);
    }
    STEPS.fetch_add(1, Ordering::Relaxed);
}

pub fn run() {
    let go = GoFlag::map();
    // SAFETY: the handler touches nothing but atomics.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = trapped as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO;
        must(
            "sigaction",
            libc::sigaction(libc::SIGTRAP, &action, std::ptr::null_mut()),
        );
    }
    ready();
    // SAFETY: follows the C calling convention; the handler is in place.
    unsafe { ckpt_step(go.address()) };
    check(STEPS.load(Ordering::Relaxed) > 3, "nothing was stepped through");
    same("steps out of order", &0, &WRONG.load(Ordering::Relaxed));
}
