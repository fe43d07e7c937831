// SPDX-License-Identifier: GPL-2.0

//! Fact: the SSE registers and their control register come back.
//!
//! Could break: the live registers of the restored task are those of the kernel thread or tool that
//! ran before, unless the saved ones are marked to be loaded.

use ckpt_support::{ready, same, GoFlag};

std::arch::global_asm!(
    ".global ckpt_hold_sse",
    "ckpt_hold_sse:",
    "movups xmm0, [rsi + 0]",
    "movups xmm1, [rsi + 16]",
    "movups xmm2, [rsi + 32]",
    "movups xmm3, [rsi + 48]",
    "movups xmm4, [rsi + 64]",
    "movups xmm5, [rsi + 80]",
    "movups xmm6, [rsi + 96]",
    "movups xmm7, [rsi + 112]",
    "movups xmm8, [rsi + 128]",
    "movups xmm9, [rsi + 144]",
    "movups xmm10, [rsi + 160]",
    "movups xmm11, [rsi + 176]",
    "movups xmm12, [rsi + 192]",
    "movups xmm13, [rsi + 208]",
    "movups xmm14, [rsi + 224]",
    "movups xmm15, [rsi + 240]",
    "ldmxcsr [rsi + 256]",
    "2: pause",
    "cmp byte ptr [rdi], 0x31",
    "jne 2b",
    "movups [rdx + 0], xmm0",
    "movups [rdx + 16], xmm1",
    "movups [rdx + 32], xmm2",
    "movups [rdx + 48], xmm3",
    "movups [rdx + 64], xmm4",
    "movups [rdx + 80], xmm5",
    "movups [rdx + 96], xmm6",
    "movups [rdx + 112], xmm7",
    "movups [rdx + 128], xmm8",
    "movups [rdx + 144], xmm9",
    "movups [rdx + 160], xmm10",
    "movups [rdx + 176], xmm11",
    "movups [rdx + 192], xmm12",
    "movups [rdx + 208], xmm13",
    "movups [rdx + 224], xmm14",
    "movups [rdx + 240], xmm15",
    "stmxcsr [rdx + 256]",
    "ret",
);

extern "C" {
    /// Fills the registers from `values`, waits until `*go` is `1`, stores them in `held`.
    fn ckpt_hold_sse(go: *const u8, values: *const Registers, held: *mut Registers);
}

/// Sixteen registers of 16 bytes, then the control register.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
struct Registers {
    vectors: [[u64; 2]; 16],
    control: u32,
    padding: u32,
}

/// All exceptions masked, rounding towards zero, flush to zero, denormals are zero, and the
/// "inexact" status bit.
const CONTROL: u32 = 0x1f80 | 0x6000 | 0x8000 | 0x0040 | 0x0020;
const DEFAULT_CONTROL: u32 = 0x1f80;

pub fn run() {
    let go = GoFlag::map();
    let mut values = Registers {
        vectors: [[0; 2]; 16],
        control: CONTROL,
        padding: 0,
    };
    for (index, vector) in values.vectors.iter_mut().enumerate() {
        *vector = [
            0x5555_0000_1111_0000 + index as u64,
            0xaaaa_0000_2222_0000 - index as u64,
        ];
    }
    let mut held = Registers {
        vectors: [[0; 2]; 16],
        control: 0,
        padding: 0,
    };
    ready();
    // SAFETY: follows the C calling convention, but for the control register: put back below.
    unsafe {
        ckpt_hold_sse(go.address(), &values, &mut held);
        std::arch::asm!("ldmxcsr [{}]", in(reg) &DEFAULT_CONTROL);
    }
    same("xmm and mxcsr", &values, &held);
}
