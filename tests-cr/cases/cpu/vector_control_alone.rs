// SPDX-License-Identifier: GPL-2.0

//! Fact: the control register of vectors comes back also while no vector register is in use.
//!
//! Could break: CPUs leave components out that hold nothing but zeros, and this register belongs to
//! one of them.

use ckpt_support::{ready, same, GoFlag};

std::arch::global_asm!(
    ".global ckpt_hold_vector_control",
    "ckpt_hold_vector_control:",
    "sub rsp, 8",
    "mov dword ptr [rsp], esi",
    "ldmxcsr dword ptr [rsp]",
    "xorps xmm0, xmm0",
    "xorps xmm1, xmm1",
    "xorps xmm2, xmm2",
    "xorps xmm3, xmm3",
    "xorps xmm4, xmm4",
    "xorps xmm5, xmm5",
    "xorps xmm6, xmm6",
    "xorps xmm7, xmm7",
    "xorps xmm8, xmm8",
    "xorps xmm9, xmm9",
    "xorps xmm10, xmm10",
    "xorps xmm11, xmm11",
    "xorps xmm12, xmm12",
    "xorps xmm13, xmm13",
    "xorps xmm14, xmm14",
    "xorps xmm15, xmm15",
    "2: pause",
    "cmp byte ptr [rdi], 0x31",
    "jne 2b",
    "stmxcsr dword ptr [rsp]",
    "mov eax, dword ptr [rsp]",
    "mov dword ptr [rsp], 0x1f80",
    "ldmxcsr dword ptr [rsp]",
    "add rsp, 8",
    "ret",
);

extern "C" {
    /// Sets the control register, waits until `*go` is `1`, returns what it is then.
    fn ckpt_hold_vector_control(go: *const u8, control: u32) -> u32;
}

/// All exceptions masked, rounding to zero, denormals are zero.
const CONTROL: u32 = 0x7fc0;

pub fn run() {
    let go = GoFlag::map();
    ready();
    // SAFETY: follows the C calling convention, and puts the default back.
    let held = unsafe { ckpt_hold_vector_control(go.address(), CONTROL) };
    same("mxcsr", &format!("{CONTROL:#x}"), &format!("{held:#x}"));
}
