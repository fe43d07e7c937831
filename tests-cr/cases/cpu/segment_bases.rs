// SPDX-License-Identifier: GPL-2.0

//! Fact: the bases of fs (thread-local storage) and gs come back, for a task stopped in user code.
//!
//! Could break: the live base is in a machine register, not in the task's struct, and a selector
//! that is loaded after the base clears it.

use ckpt_support::{must, ready, same, GoFlag};

const ARCH_SET_GS: usize = 0x1001;
const ARCH_GET_FS: usize = 0x1003;
const ARCH_GET_GS: usize = 0x1004;

fn base(which: usize) -> u64 {
    let mut value = 0u64;
    let call = [which, &raw mut value as usize];
    must("arch_prctl", ckpt_support::raw(libc::SYS_arch_prctl, &call));
    value
}

fn first_word_of_gs() -> u64 {
    let word: u64;
    // SAFETY: gs points to our own array.
    unsafe { std::arch::asm!("mov {}, gs:[0]", out(reg) word) };
    word
}

fn selectors() -> [u16; 5] {
    let (cs, ds, es, fs, gs): (u16, u16, u16, u16, u16);
    // SAFETY: reads registers.
    unsafe {
        std::arch::asm!(
            "mov {:x}, cs",
            "mov {:x}, ds",
            "mov {:x}, es",
            "mov {:x}, fs",
            "mov {:x}, gs",
            out(reg) cs,
            out(reg) ds,
            out(reg) es,
            out(reg) fs,
            out(reg) gs,
        );
    }
    [cs, ds, es, fs, gs]
}

pub fn run() {
    let go = GoFlag::map();
    let behind_gs = Box::new([0x6773_6773_6773_6773u64; 8]);
    let target = behind_gs.as_ptr() as usize;
    must(
        "arch_prctl",
        ckpt_support::raw(libc::SYS_arch_prctl, &[ARCH_SET_GS, target]),
    );
    let before = (base(ARCH_GET_FS), base(ARCH_GET_GS), selectors());
    ready();
    while !go.is_set() {
        std::hint::spin_loop();
    }
    same("word behind gs", &behind_gs[0], &first_word_of_gs());
    same(
        "fs and gs",
        &before,
        &(base(ARCH_GET_FS), base(ARCH_GET_GS), selectors()),
    );
}
