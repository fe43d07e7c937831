// SPDX-License-Identifier: GPL-2.0

//! Fact: wherever between user code and the kernel the checkpoint comes, results are right.
//!
//! Could break: entry and exit of a system call are full of half-done states: the result not yet in
//! its register, the call about to be restarted.

use ckpt_support::{raw, ready, same, GoFlag};

pub fn run() {
    let go = GoFlag::map();
    let pid = raw(libc::SYS_getpid, &[]);
    ready();
    while !go.is_set() {
        for _ in 0..100 {
            same("getpid", &pid, &raw(libc::SYS_getpid, &[]));
            same("close", &-1, &raw(libc::SYS_close, &[9999]));
            same("sched_yield", &0, &raw(libc::SYS_sched_yield, &[]));
        }
    }
}
