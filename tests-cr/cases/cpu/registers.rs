// SPDX-License-Identifier: GPL-2.0

//! Fact: every general register of a task that was stopped in user code comes back.
//!
//! Could break: the restart returns to user space through the exit path of a system call, which
//! clobbers rcx and r11 if it uses SYSRET, and rax carries the result.

use ckpt_support::{ready, same, GoFlag};

std::arch::global_asm!(
    ".global ckpt_hold_registers",
    "ckpt_hold_registers:",
    "push rbx",
    "push rbp",
    "push r12",
    "push r13",
    "push r14",
    "push r15",
    "push rsi",
    "movabs rax, 0x1101010101010101",
    "movabs rbx, 0x2202020202020202",
    "movabs rcx, 0x3303030303030303",
    "movabs rdx, 0x4404040404040404",
    "movabs rsi, 0x5505050505050505",
    "movabs rbp, 0x6606060606060606",
    "movabs r8, 0x7707070707070707",
    "movabs r9, 0x8808080808080808",
    "movabs r10, 0x9909090909090909",
    "movabs r11, 0xaa0a0a0a0a0a0a0a",
    "movabs r12, 0xbb0b0b0b0b0b0b0b",
    "movabs r13, 0xcc0c0c0c0c0c0c0c",
    "movabs r14, 0xdd0d0d0d0d0d0d0d",
    "movabs r15, 0xee0e0e0e0e0e0e0e",
    "2: pause",
    "cmp byte ptr [rdi], 0x31",
    "jne 2b",
    // What the registers hold now goes to the array, whose address is on the stack.
    "xchg rsi, [rsp]",
    "mov [rsi], rax",
    "mov [rsi + 8], rbx",
    "mov [rsi + 16], rcx",
    "mov [rsi + 24], rdx",
    "pop rax",
    "mov [rsi + 32], rax",
    "mov [rsi + 40], rbp",
    "mov [rsi + 48], r8",
    "mov [rsi + 56], r9",
    "mov [rsi + 64], r10",
    "mov [rsi + 72], r11",
    "mov [rsi + 80], r12",
    "mov [rsi + 88], r13",
    "mov [rsi + 96], r14",
    "mov [rsi + 104], r15",
    "pop r15",
    "pop r14",
    "pop r13",
    "pop r12",
    "pop rbp",
    "pop rbx",
    "ret",
);

extern "C" {
    /// Fills the registers, waits until `*go` is `1`, and writes down what they hold then.
    fn ckpt_hold_registers(go: *const u8, held: *mut [u64; 14]);
}

const NAMES: [&str; 14] = [
    "rax", "rbx", "rcx", "rdx", "rsi", "rbp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
];

pub fn run() {
    let go = GoFlag::map();
    let mut held = [0u64; 14];
    ready();
    // SAFETY: follows the C calling convention; both pointers are valid.
    unsafe { ckpt_hold_registers(go.address(), &mut held) };
    for (index, name) in NAMES.iter().enumerate() {
        let digit = index as u64 + 1;
        let expected = (digit * 0x11) << 56 | (digit * 0x0001_0101_0101_0101);
        same(
            name,
            &format!("{expected:#x}"),
            &format!("{:#x}", held[index]),
        );
    }
}
