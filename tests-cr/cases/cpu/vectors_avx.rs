// SPDX-License-Identifier: GPL-2.0

//! Fact: all 256 bits of the AVX registers come back.
//!
//! Could break: the upper halves live in another component of the extended state than the lower
//! ones, which a restart that only knows the legacy area would leave zero.

use ckpt_support::{not_run, ready, same, GoFlag};

std::arch::global_asm!(
    ".global ckpt_hold_avx",
    "ckpt_hold_avx:",
    "vmovups ymm0, [rsi + 0]",
    "vmovups ymm1, [rsi + 32]",
    "vmovups ymm2, [rsi + 64]",
    "vmovups ymm3, [rsi + 96]",
    "vmovups ymm4, [rsi + 128]",
    "vmovups ymm5, [rsi + 160]",
    "vmovups ymm6, [rsi + 192]",
    "vmovups ymm7, [rsi + 224]",
    "vmovups ymm8, [rsi + 256]",
    "vmovups ymm9, [rsi + 288]",
    "vmovups ymm10, [rsi + 320]",
    "vmovups ymm11, [rsi + 352]",
    "vmovups ymm12, [rsi + 384]",
    "vmovups ymm13, [rsi + 416]",
    "vmovups ymm14, [rsi + 448]",
    "vmovups ymm15, [rsi + 480]",
    "2: pause",
    "cmp byte ptr [rdi], 0x31",
    "jne 2b",
    "vmovups [rdx + 0], ymm0",
    "vmovups [rdx + 32], ymm1",
    "vmovups [rdx + 64], ymm2",
    "vmovups [rdx + 96], ymm3",
    "vmovups [rdx + 128], ymm4",
    "vmovups [rdx + 160], ymm5",
    "vmovups [rdx + 192], ymm6",
    "vmovups [rdx + 224], ymm7",
    "vmovups [rdx + 256], ymm8",
    "vmovups [rdx + 288], ymm9",
    "vmovups [rdx + 320], ymm10",
    "vmovups [rdx + 352], ymm11",
    "vmovups [rdx + 384], ymm12",
    "vmovups [rdx + 416], ymm13",
    "vmovups [rdx + 448], ymm14",
    "vmovups [rdx + 480], ymm15",
    "vzeroupper",
    "ret",
);

extern "C" {
    /// Fills the registers from `values`, waits until `*go` is `1`, stores them in `held`.
    fn ckpt_hold_avx(go: *const u8, values: *const Registers, held: *mut Registers);
}

type Registers = [[u64; 4]; 16];

pub fn run() {
    if !std::is_x86_feature_detected!("avx") {
        not_run("the CPU has no AVX");
    }
    let go = GoFlag::map();
    let mut values: Registers = [[0; 4]; 16];
    for (index, vector) in values.iter_mut().enumerate() {
        for (lane, part) in vector.iter_mut().enumerate() {
            *part = 0x1234_5678_0000_0000 + (index * 16 + lane) as u64;
        }
    }
    let mut held: Registers = [[0; 4]; 16];
    ready();
    // SAFETY: follows the C calling convention; the CPU has these registers.
    unsafe { ckpt_hold_avx(go.address(), &values, &mut held) };
    same("ymm", &values, &held);
}
