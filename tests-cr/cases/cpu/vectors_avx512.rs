// SPDX-License-Identifier: GPL-2.0

//! Fact: the AVX-512 registers and their masks come back.
//!
//! Could break: they are three more components of the extended state, at offsets that depend on
//! the CPU.

use ckpt_support::{not_run, ready, same, GoFlag};

std::arch::global_asm!(
    ".global ckpt_hold_avx512",
    "ckpt_hold_avx512:",
    "vmovups zmm0, [rsi + 0]",
    "vmovups zmm1, [rsi + 64]",
    "vmovups zmm2, [rsi + 128]",
    "vmovups zmm3, [rsi + 192]",
    "vmovups zmm4, [rsi + 256]",
    "vmovups zmm5, [rsi + 320]",
    "vmovups zmm6, [rsi + 384]",
    "vmovups zmm7, [rsi + 448]",
    "vmovups zmm8, [rsi + 512]",
    "vmovups zmm9, [rsi + 576]",
    "vmovups zmm10, [rsi + 640]",
    "vmovups zmm11, [rsi + 704]",
    "vmovups zmm12, [rsi + 768]",
    "vmovups zmm13, [rsi + 832]",
    "vmovups zmm14, [rsi + 896]",
    "vmovups zmm15, [rsi + 960]",
    "vmovups zmm16, [rsi + 1024]",
    "vmovups zmm17, [rsi + 1088]",
    "vmovups zmm18, [rsi + 1152]",
    "vmovups zmm19, [rsi + 1216]",
    "vmovups zmm20, [rsi + 1280]",
    "vmovups zmm21, [rsi + 1344]",
    "vmovups zmm22, [rsi + 1408]",
    "vmovups zmm23, [rsi + 1472]",
    "vmovups zmm24, [rsi + 1536]",
    "vmovups zmm25, [rsi + 1600]",
    "vmovups zmm26, [rsi + 1664]",
    "vmovups zmm27, [rsi + 1728]",
    "vmovups zmm28, [rsi + 1792]",
    "vmovups zmm29, [rsi + 1856]",
    "vmovups zmm30, [rsi + 1920]",
    "vmovups zmm31, [rsi + 1984]",
    "kmovw k0, [rsi + 2048]",
    "kmovw k1, [rsi + 2050]",
    "kmovw k2, [rsi + 2052]",
    "kmovw k3, [rsi + 2054]",
    "kmovw k4, [rsi + 2056]",
    "kmovw k5, [rsi + 2058]",
    "kmovw k6, [rsi + 2060]",
    "kmovw k7, [rsi + 2062]",
    "2: pause",
    "cmp byte ptr [rdi], 0x31",
    "jne 2b",
    "vmovups [rdx + 0], zmm0",
    "vmovups [rdx + 64], zmm1",
    "vmovups [rdx + 128], zmm2",
    "vmovups [rdx + 192], zmm3",
    "vmovups [rdx + 256], zmm4",
    "vmovups [rdx + 320], zmm5",
    "vmovups [rdx + 384], zmm6",
    "vmovups [rdx + 448], zmm7",
    "vmovups [rdx + 512], zmm8",
    "vmovups [rdx + 576], zmm9",
    "vmovups [rdx + 640], zmm10",
    "vmovups [rdx + 704], zmm11",
    "vmovups [rdx + 768], zmm12",
    "vmovups [rdx + 832], zmm13",
    "vmovups [rdx + 896], zmm14",
    "vmovups [rdx + 960], zmm15",
    "vmovups [rdx + 1024], zmm16",
    "vmovups [rdx + 1088], zmm17",
    "vmovups [rdx + 1152], zmm18",
    "vmovups [rdx + 1216], zmm19",
    "vmovups [rdx + 1280], zmm20",
    "vmovups [rdx + 1344], zmm21",
    "vmovups [rdx + 1408], zmm22",
    "vmovups [rdx + 1472], zmm23",
    "vmovups [rdx + 1536], zmm24",
    "vmovups [rdx + 1600], zmm25",
    "vmovups [rdx + 1664], zmm26",
    "vmovups [rdx + 1728], zmm27",
    "vmovups [rdx + 1792], zmm28",
    "vmovups [rdx + 1856], zmm29",
    "vmovups [rdx + 1920], zmm30",
    "vmovups [rdx + 1984], zmm31",
    "kmovw [rdx + 2048], k0",
    "kmovw [rdx + 2050], k1",
    "kmovw [rdx + 2052], k2",
    "kmovw [rdx + 2054], k3",
    "kmovw [rdx + 2056], k4",
    "kmovw [rdx + 2058], k5",
    "kmovw [rdx + 2060], k6",
    "kmovw [rdx + 2062], k7",
    "vzeroupper",
    "ret",
);

extern "C" {
    /// Fills the registers from `values`, waits until `*go` is `1`, stores them in `held`.
    fn ckpt_hold_avx512(go: *const u8, values: *const Registers, held: *mut Registers);
}

#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
struct Registers {
    vectors: [[u64; 8]; 32],
    masks: [u16; 8],
}

pub fn run() {
    if !std::is_x86_feature_detected!("avx512f") {
        not_run("the CPU has no AVX-512");
    }
    let go = GoFlag::map();
    let mut values = Registers {
        vectors: [[0; 8]; 32],
        masks: [0; 8],
    };
    for (index, vector) in values.vectors.iter_mut().enumerate() {
        for (lane, part) in vector.iter_mut().enumerate() {
            *part = 0x8765_4321_0000_0000 + (index * 16 + lane) as u64;
        }
    }
    for (index, mask) in values.masks.iter_mut().enumerate() {
        *mask = 0x1111 * index as u16 + 1;
    }
    let mut held = Registers {
        vectors: [[0; 8]; 32],
        masks: [0; 8],
    };
    ready();
    // SAFETY: follows the C calling convention; the CPU has these registers.
    unsafe { ckpt_hold_avx512(go.address(), &values, &mut held) };
    same("zmm and masks", &values, &held);
}
