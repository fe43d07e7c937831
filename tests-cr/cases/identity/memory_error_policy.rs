// SPDX-License-Identifier: GPL-2.0

//! Fact: what a program wants to happen when its memory is corrupted comes back (PR_MCE_KILL), and
//! that it is in the way of I/O (PR_SET_IO_FLUSHER).
//!
//! Could break: they are flags of the task, some of which the kernel uses for other things.

use ckpt_support::{checkpoint_here, must, same};

const PR_SET_IO_FLUSHER: i32 = 57;
const PR_GET_IO_FLUSHER: i32 = 58;

fn told() -> [i32; 2] {
    // SAFETY: take no pointer.
    unsafe {
        [
            libc::prctl(libc::PR_MCE_KILL_GET, 0, 0, 0, 0),
            libc::prctl(PR_GET_IO_FLUSHER, 0, 0, 0, 0),
        ]
    }
}

pub fn run() {
    let (set, early) = (libc::PR_MCE_KILL_SET, libc::PR_MCE_KILL_EARLY);
    // SAFETY: take no pointer.
    unsafe {
        must("MCE", libc::prctl(libc::PR_MCE_KILL, set, early, 0, 0));
        must("IO_FLUSHER", libc::prctl(PR_SET_IO_FLUSHER, 1, 0, 0, 0));
    }
    same("set", &[early, 1], &told());
    checkpoint_here();
    same("settings", &[early, 1], &told());
}
