// SPDX-License-Identifier: GPL-2.0

//! Fact: flags that hardly any program sets come back: identification, alignment check, nested task.
//!
//! Could break: debuggers cannot set the first of them, and a restart that sets registers as a
//! debugger does would lose it.

use ckpt_support::{ready, same, GoFlag};

std::arch::global_asm!(
    ".global ckpt_hold_rare_flags",
    "ckpt_hold_rare_flags:",
    "pushfq",
    "pop rdx",
    "or rdx, rsi",
    "push rdx",
    "popfq",
    "2: pause",
    "movzx ecx, byte ptr [rdi]",
    "lea rcx, [rcx - 0x31]",
    "jrcxz 3f",
    "jmp 2b",
    "3: pushfq",
    "pop rax",
    "mov rdx, rax",
    "not rsi",
    "and rdx, rsi",
    "push rdx",
    "popfq",
    "ret",
);

extern "C" {
    /// Sets the flags too, waits until `*go` is `1`, returns what they are then, and clears them.
    fn ckpt_hold_rare_flags(go: *const u8, flags: u64) -> u64;
}

const NESTED_TASK: u64 = 1 << 14;
const ALIGNMENT_CHECK: u64 = 1 << 18;
const IDENTIFICATION: u64 = 1 << 21;
const FLAGS: u64 = NESTED_TASK | ALIGNMENT_CHECK | IDENTIFICATION;

pub fn run() {
    let go = GoFlag::map();
    ready();
    // SAFETY: follows the C calling convention, accesses aligned words only, and clears the flags.
    let held = unsafe { ckpt_hold_rare_flags(go.address(), FLAGS) };
    same("flags", &format!("{FLAGS:#x}"), &format!("{:#x}", held & FLAGS));
}
