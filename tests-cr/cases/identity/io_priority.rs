// SPDX-License-Identifier: GPL-2.0

//! Fact: the I/O priority comes back.
//!
//! Could break: it lives in a struct that a task only has once it was set.

use ckpt_support::{checkpoint_here, must, raw, same};

const WHO_PROCESS: usize = 1;
/// Best effort, level 6.
const PRIORITY: usize = 2 << 13 | 6;

pub fn run() {
    must(
        "ioprio_set",
        raw(libc::SYS_ioprio_set, &[WHO_PROCESS, 0, PRIORITY]),
    );
    checkpoint_here();
    same(
        "priority",
        &(PRIORITY as i64),
        &raw(libc::SYS_ioprio_get, &[WHO_PROCESS, 0]),
    );
}
