// SPDX-License-Identifier: GPL-2.0

//! What the CPU can do for programs: instructions that they may have found with cpuid, and the
//! places of extended state in signal frames on their stacks.
//!
//! Saves: registers of cpuid, as programs see them; the layout of extended state.
//! Refuses, at restart: a CPU that lacks an instruction, or lays extended state out in another way.
//! One that has more is fine: nothing looks for it any longer.
//! Locks: none.

use kernel::prelude::*;
use zerocopy::little_endian::U32;

use crate::abstractions::cpu;
use crate::format::header::{MachineX86_64, XstateComponent, CPUID_REGISTERS, XSTATE_COMPONENTS};
use crate::format::reason::Reason;
use crate::log::Refusal;

/// Numbers of registers, as the glue counts them.
const EAX: u32 = 0;
const EBX: u32 = 1;
const ECX: u32 = 2;
const EDX: u32 = 3;

/// Leaf, subleaf and register of cpuid, in the order of the record.
const REGISTERS: [(u32, u32, u32); CPUID_REGISTERS] = [
    (1, 0, ECX),
    (1, 0, EDX),
    (7, 0, EBX),
    (7, 0, ECX),
    (7, 0, EDX),
    (7, 1, EAX),
    (7, 1, EDX),
    (0xd, 1, EAX),
    (0x8000_0001, 0, ECX),
    (0x8000_0001, 0, EDX),
    (0x8000_0008, 0, EBX),
    (0x8000_0021, 0, EAX),
];

/// Bits that stand for instructions, or for what they do, by register.
const INSTRUCTIONS: [&[(u32, &str)]; CPUID_REGISTERS] = [
    &[
        (0, "sse3"),
        (1, "pclmulqdq"),
        (9, "ssse3"),
        (12, "fma"),
        (13, "cmpxchg16b"),
        (19, "sse4.1"),
        (20, "sse4.2"),
        (22, "movbe"),
        (23, "popcnt"),
        (25, "aes"),
        (26, "xsave"),
        (27, "osxsave"),
        (28, "avx"),
        (29, "f16c"),
        (30, "rdrand"),
    ],
    &[
        (0, "fpu"),
        (4, "rdtsc"),
        (8, "cmpxchg8b"),
        (11, "sysenter"),
        (15, "cmov"),
        (19, "clflush"),
        (23, "mmx"),
        (24, "fxsr"),
        (25, "sse"),
        (26, "sse2"),
    ],
    &[
        (0, "fsgsbase"),
        (3, "bmi1"),
        (4, "hle"),
        (5, "avx2"),
        (8, "bmi2"),
        (11, "rtm"),
        (16, "avx512f"),
        (17, "avx512dq"),
        (18, "rdseed"),
        (19, "adx"),
        (21, "avx512ifma"),
        (23, "clflushopt"),
        (24, "clwb"),
        (26, "avx512pf"),
        (27, "avx512er"),
        (28, "avx512cd"),
        (29, "sha"),
        (30, "avx512bw"),
        (31, "avx512vl"),
    ],
    &[
        (1, "avx512vbmi"),
        (4, "protection keys"),
        (5, "waitpkg"),
        (6, "avx512vbmi2"),
        (8, "gfni"),
        (9, "vaes"),
        (10, "vpclmulqdq"),
        (11, "avx512vnni"),
        (12, "avx512bitalg"),
        (14, "avx512vpopcntdq"),
        (22, "rdpid"),
        (25, "cldemote"),
        (27, "movdiri"),
        (28, "movdir64b"),
        (29, "enqcmd"),
    ],
    &[
        (2, "avx512_4vnniw"),
        (3, "avx512_4fmaps"),
        (5, "user interrupts"),
        (8, "avx512_vp2intersect"),
        (14, "serialize"),
        (16, "tsxldtrk"),
        (23, "avx512fp16"),
    ],
    &[
        (0, "sha512"),
        (1, "sm3"),
        (2, "sm4"),
        (3, "rao-int"),
        (4, "avx-vnni"),
        (5, "avx512bf16"),
        (7, "cmpccxadd"),
        (23, "avx-ifma"),
        (31, "movrs"),
    ],
    &[
        (4, "avx-vnni-int8"),
        (5, "avx-ne-convert"),
        (10, "avx-vnni-int16"),
        (14, "prefetchi"),
        (15, "user_msr"),
        (19, "avx10"),
        (21, "apx"),
    ],
    &[(0, "xsaveopt"), (1, "xsavec"), (2, "xgetbv1")],
    &[
        (0, "lahf in 64-bit code"),
        (5, "lzcnt"),
        (6, "sse4a"),
        (7, "misaligned sse"),
        (8, "prefetchw"),
        (11, "xop"),
        (15, "lwp"),
        (16, "fma4"),
        (21, "tbm"),
        (29, "mwaitx"),
    ],
    &[
        (11, "syscall"),
        (22, "mmxext"),
        (27, "rdtscp"),
        (29, "64-bit code"),
        (30, "3dnowext"),
        (31, "3dnow"),
    ],
    &[(0, "clzero"), (4, "rdpru"), (9, "wbnoinvd")],
    &[(20, "prefetchi")],
];

/// Components of extended state by number.
const COMPONENTS: [&str; 20] = [
    "x87 registers",
    "SSE registers",
    "AVX registers",
    "MPX bounds",
    "MPX control",
    "AVX-512 mask registers",
    "AVX-512 upper halves",
    "AVX-512 upper registers",
    "processor trace",
    "protection keys",
    "PASID",
    "shadow stacks",
    "supervisor shadow stacks",
    "HDC",
    "user interrupts",
    "LBR",
    "HWP",
    "AMX tile configuration",
    "AMX tiles",
    "APX registers",
];

/// What cpuid says.
pub(crate) fn cpuid() -> [U32; CPUID_REGISTERS] {
    REGISTERS.map(|(leaf, subleaf, register)| U32::new(cpu::cpuid(leaf, subleaf, register)))
}

/// Where components of extended state lie.
pub(crate) fn layout() -> [XstateComponent; XSTATE_COMPONENTS] {
    core::array::from_fn(|number| {
        let (offset, size) = cpu::extended_component(number);
        XstateComponent {
            offset: U32::new(offset),
            size: U32::new(size),
        }
    })
}

/// The first instruction of the saved machine that this one lacks.
fn missing_instruction(
    saved: &[U32; CPUID_REGISTERS],
    here: &[U32; CPUID_REGISTERS],
) -> Option<&'static str> {
    let registers = saved.iter().zip(here).zip(INSTRUCTIONS);
    for ((saved, here), instructions) in registers {
        let lacks = saved.get() & !here.get();
        let found = instructions
            .iter()
            .find(|(bit, _)| 1u32.checked_shl(*bit).is_some_and(|mask| lacks & mask != 0));
        if let Some((_, name)) = found {
            return Some(name);
        }
    }
    None
}

/// The first component of extended state that is missing here, or somewhere else.
fn missing_component(
    saved: &MachineX86_64,
    features: u64,
    layout: &[XstateComponent; XSTATE_COMPONENTS],
) -> Option<&'static str> {
    let named = saved.layout.iter().any(|place| place.size.get() != 0);
    let needs = |number: usize| {
        1u64.checked_shl(number as u32)
            .is_some_and(|bit| saved.xfeatures.get() & bit != 0)
    };
    let has = |number: usize| {
        1u64.checked_shl(number as u32)
            .is_some_and(|bit| features & bit != 0)
    };
    (0..64).find_map(|number| {
        let moved = named && saved.layout.get(number) != layout.get(number);
        let missing = needs(number) && (!has(number) || moved);
        let name = COMPONENTS.get(number).copied();
        missing.then(|| name.unwrap_or("a component of extended state"))
    })
}

/// Can programs of that machine go on with this CPU?
pub(crate) fn check(saved: &MachineX86_64) -> Result<(), Refusal> {
    let lacks = |name| Err(Refusal::new(Reason::MachineFeatures, ENOEXEC).name(name));
    if let Some(name) = missing_component(saved, cpu::extended_features(), &layout()) {
        return lacks(name);
    }
    if let Some(name) = missing_instruction(&saved.cpuid, &cpuid()) {
        return lacks(name);
    }
    Ok(())
}

#[kunit_tests(checkpoint_features)]
mod tests {
    use zerocopy::little_endian::U64;
    use zerocopy::FromZeros;

    use super::*;

    #[test]
    fn a_missing_instruction_is_named() {
        let mut saved = [U32::ZERO; CPUID_REGISTERS];
        let mut here = saved;
        saved[2] = U32::new(1 << 5 | 1 << 7);
        assert_eq!(missing_instruction(&saved, &here), Some("avx2"));
        // More than was there, and a bit that is no instruction.
        here[2] = U32::new(1 << 5 | 1 << 16);
        assert_eq!(missing_instruction(&saved, &here), None);
    }

    #[test]
    fn components_must_be_there_and_in_place() {
        let mut saved = MachineX86_64::new_zeroed();
        saved.xfeatures = U64::new(0b111);
        let mut here = saved.layout;
        assert_eq!(
            missing_component(&saved, 0b11, &here),
            Some("AVX registers")
        );
        assert_eq!(missing_component(&saved, 0b1111, &here), None);
        saved.layout[2].offset = U32::new(576);
        saved.layout[2].size = U32::new(256);
        assert_eq!(
            missing_component(&saved, 0b111, &here),
            Some("AVX registers")
        );
        here[2] = saved.layout[2];
        assert_eq!(missing_component(&saved, 0b111, &here), None);
        // Another one, which only counts when it was there.
        here[9].size = U32::new(8);
        assert_eq!(missing_component(&saved, 0b111, &here), None);
        saved.xfeatures = U64::new(1 << 9 | 0b111);
        assert_eq!(
            missing_component(&saved, 0b111, &here),
            Some("protection keys")
        );
    }
}
