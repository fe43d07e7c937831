// SPDX-License-Identifier: GPL-2.0

//! Fact: features of shadow stacks that a program has locked stay locked, whether the CPU has them
//! or not.
//!
//! Could break: it is a mask of the thread that only a refused call shows.

use ckpt_support::{checkpoint_here, errno, must, raw, same};

const ARCH_SHSTK_ENABLE: usize = 0x5001;
const ARCH_SHSTK_LOCK: usize = 0x5003;
/// ARCH_SHSTK_WRSS; not the shadow stack itself, which a CPU may have.
const WRITES: usize = 1 << 1;
/// A feature that nothing has.
const OTHER: usize = 1 << 5;

fn enable(feature: usize) -> i32 {
    match raw(libc::SYS_arch_prctl, &[ARCH_SHSTK_ENABLE, feature]) {
        0 => 0,
        _ => errno(),
    }
}

pub fn run() {
    let before = (enable(WRITES), enable(OTHER));
    must(
        "ARCH_SHSTK_LOCK",
        raw(libc::SYS_arch_prctl, &[ARCH_SHSTK_LOCK, OTHER]),
    );
    same("locked", &libc::EPERM, &enable(OTHER));
    checkpoint_here();
    same("what is not locked", &before.0, &enable(WRITES));
    same("what is locked", &libc::EPERM, &enable(OTHER));
}
