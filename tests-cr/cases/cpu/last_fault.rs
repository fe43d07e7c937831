// SPDX-License-Identifier: GPL-2.0

//! Fact: what a handler is told of the last fault, vector, error code and address, is still so after
//! a restart.
//!
//! Could break: the kernel remembers it for each thread, and a fault may have happened before the
//! checkpoint whose signal is delivered after it.

use std::sync::atomic::{AtomicI64, Ordering};

use ckpt_support::{check, checkpoint_here, must, same};

/// Places in the general registers of a signal frame.
const ERROR: usize = 19;
const TRAP: usize = 20;
const ADDRESS: usize = 22;

static SEEN: [AtomicI64; 3] = [const { AtomicI64::new(-1) }; 3];

extern "C" fn look(signal: i32, _: *mut libc::siginfo_t, context: *mut libc::ucontext_t) {
    // SAFETY: the kernel passes a valid context.
    let registers = unsafe { &mut (*context).uc_mcontext.gregs };
    for (seen, place) in SEEN.iter().zip([ERROR, TRAP, ADDRESS]) {
        seen.store(registers[place], Ordering::Relaxed);
    }
    if signal == libc::SIGSEGV {
        // Past the faulting instruction, which is three bytes long.
        registers[libc::REG_RIP as usize] += 3;
    }
}

fn seen() -> [i64; 3] {
    SEEN.each_ref().map(|seen| seen.load(Ordering::Relaxed))
}

fn handle(signal: i32) {
    // SAFETY: the handler touches atomics and its own context.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = look as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO;
        must(
            "sigaction",
            libc::sigaction(signal, &action, std::ptr::null_mut()),
        );
    }
}

pub fn run() {
    handle(libc::SIGSEGV);
    handle(libc::SIGUSR1);
    // A write where nothing is mapped.
    // SAFETY: the handler steps over the instruction.
    unsafe { std::arch::asm!("mov [rax], rcx", in("rax") 0x1230, in("rcx") 0) };
    let before = seen();
    check(before == [6, 14, 0x1230], "the fault is not what it should be");
    checkpoint_here();
    // SAFETY: the handler is in place.
    unsafe { libc::raise(libc::SIGUSR1) };
    same("error code, vector, address", &before, &seen());
}
