// SPDX-License-Identifier: GPL-2.0

//! Fact: the 128 bytes below the stack pointer, which belong to the function, come back.
//!
//! Could break: a restart that puts a frame on the user's stack, as a signal does, without leaving
//! the red zone alone.

use ckpt_support::{check, ready, GoFlag};

std::arch::global_asm!(
    ".global ckpt_hold_red_zone",
    "ckpt_hold_red_zone:",
    "mov rcx, 16",
    "movabs rax, 0x0123456789abcdef",
    "mov rdx, rsp",
    "2: sub rdx, 8",
    "add rax, rcx",
    "mov [rdx], rax",
    "dec rcx",
    "jnz 2b",
    "3: pause",
    "cmp byte ptr [rdi], 0x31",
    "jne 3b",
    "mov rcx, 16",
    "movabs rax, 0x0123456789abcdef",
    "mov rdx, rsp",
    "4: sub rdx, 8",
    "add rax, rcx",
    "cmp [rdx], rax",
    "jne 5f",
    "dec rcx",
    "jnz 4b",
    "5: mov rax, rcx",
    "ret",
);

extern "C" {
    /// Fills the red zone, waits until `*go` is `1`; returns how many words from the end differ.
    fn ckpt_hold_red_zone(go: *const u8) -> u64;
}

pub fn run() {
    let go = GoFlag::map();
    ready();
    // SAFETY: follows the C calling convention and writes only its own red zone.
    let left = unsafe { ckpt_hold_red_zone(go.address()) };
    check(
        left == 0,
        &format!("the red zone differs {} bytes below rsp", (17 - left) * 8),
    );
}
