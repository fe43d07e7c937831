// SPDX-License-Identifier: GPL-2.0

//! Fact: tasks that share an I/O context (CLONE_IO) have one I/O priority again.
//!
//! Could break: each has a copy.

use ckpt_support::{checkpoint_here, must, raw, same, wait_for_go};

use super::relatives::{end_of, FINE};

const WHO_PROCESS: usize = 1;

fn priority() -> i64 {
    raw(libc::SYS_ioprio_get, &[WHO_PROCESS, 0])
}

fn set(priority: usize) {
    must("ioprio_set", raw(libc::SYS_ioprio_set, &[WHO_PROCESS, 0, priority]));
}

pub fn run() {
    let best_effort = |level: usize| 2 << 13 | level;
    set(best_effort(3));
    let flags = (libc::CLONE_IO | libc::SIGCHLD) as usize;
    let child = must("clone", raw(libc::SYS_clone, &[flags, 0, 0, 0, 0])) as i32;
    if child == 0 {
        wait_for_go();
        set(best_effort(6));
        // SAFETY: ends the process.
        unsafe { libc::_exit(FINE) }
    }
    checkpoint_here();
    same("the child", &FINE, &end_of(child));
    same("the priority", &(best_effort(6) as i64), &priority());
}
