// SPDX-License-Identifier: GPL-2.0

//! Fact: registrations for membarrier come back, each one and no other.
//!
//! Could break: they are in the address space, and nothing shows exactly which there are.

use ckpt_support::{checkpoint_here, must, raw, same};

const PRIVATE: usize = 1 << 3;
const REGISTER_PRIVATE: usize = 1 << 4;
const SYNC_CORE: usize = 1 << 5;
const REGISTER_SYNC_CORE: usize = 1 << 6;
const RSEQ: usize = 1 << 7;
const REGISTER_RSEQ: usize = 1 << 8;
const REGISTER_GLOBAL: usize = 1 << 2;
const GET_REGISTRATIONS: usize = 1 << 9;

fn barrier(command: usize) -> i64 {
    raw(libc::SYS_membarrier, &[command, 0, 0])
}

pub fn run() {
    for command in [REGISTER_GLOBAL, REGISTER_SYNC_CORE] {
        must("membarrier", barrier(command));
    }
    let now = || [GET_REGISTRATIONS, PRIVATE, SYNC_CORE, RSEQ].map(barrier);
    let before = now();
    checkpoint_here();
    same("registrations, and what they allow", &before, &now());
    must("membarrier", barrier(REGISTER_RSEQ));
    must("membarrier", barrier(RSEQ));
    must("membarrier", barrier(REGISTER_PRIVATE));
    must("membarrier", barrier(PRIVATE));
}
