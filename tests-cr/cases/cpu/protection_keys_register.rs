// SPDX-License-Identifier: GPL-2.0

//! Fact: the register with the rights of protection keys comes back.
//!
//! Could break: it is written eagerly, not with the rest of the extended state, and its initial
//! value is not zero.

use ckpt_support::{not_run, ready, same, GoFlag};

fn cpu_has_keys() -> bool {
    // SAFETY: every x86-64 CPU has the instruction. (Safe to call in newer compilers.)
    #[allow(unused_unsafe)]
    let leaf = unsafe { std::arch::x86_64::__cpuid_count(7, 0) };
    leaf.ecx & (1 << 4) != 0
}

fn read_rights() -> u32 {
    let rights: u32;
    // SAFETY: the CPU has the instruction.
    unsafe { std::arch::asm!("rdpkru", in("ecx") 0, out("eax") rights, out("edx") _) };
    rights
}

pub fn run() {
    if !cpu_has_keys() {
        not_run("the CPU has no protection keys");
    }
    let go = GoFlag::map();
    // Another right than before for key 5, which nothing uses.
    let rights = read_rights() ^ (2 << 10);
    // SAFETY: no memory has this key.
    unsafe { std::arch::asm!("wrpkru", in("ecx") 0, in("eax") rights, in("edx") 0) };
    ready();
    while !go.is_set() {
        std::hint::spin_loop();
    }
    same(
        "rights",
        &format!("{rights:#x}"),
        &format!("{:#x}", read_rights()),
    );
}
