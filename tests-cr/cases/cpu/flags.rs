// SPDX-License-Identifier: GPL-2.0

//! Fact: the flags of a task that was stopped in user code come back, the direction flag too.
//!
//! Could break: flags are filtered on the way in (only some bits may come from user space), and a
//! filter that is too strict loses bits that programs rely on.

use ckpt_support::{ready, same, GoFlag};

std::arch::global_asm!(
    ".global ckpt_hold_flags",
    "ckpt_hold_flags:",
    "push rsi",
    "popfq",
    // Nothing in this loop writes a flag.
    "2: pause",
    "movzx ecx, byte ptr [rdi]",
    "lea rcx, [rcx - 0x31]",
    "jrcxz 3f",
    "jmp 2b",
    "3: pushfq",
    "pop rax",
    "cld",
    "ret",
);

extern "C" {
    /// Sets the flags, waits until `*go` is `1`, and returns what they are then.
    fn ckpt_hold_flags(go: *const u8, flags: u64) -> u64;
}

/// Carry, parity, adjust, zero, sign, interrupts on, direction, overflow, and bit 1.
const FLAGS: u64 = 0x0001 | 0x0004 | 0x0010 | 0x0040 | 0x0080 | 0x0200 | 0x0400 | 0x0800 | 0x0002;

pub fn run() {
    let go = GoFlag::map();
    ready();
    // SAFETY: follows the C calling convention, and leaves the direction flag clear.
    let held = unsafe { ckpt_hold_flags(go.address(), FLAGS) };
    same("flags", &format!("{FLAGS:#x}"), &format!("{held:#x}"));
}
