// SPDX-License-Identifier: GPL-2.0

//! Fact: the nice value comes back.
//!
//! Could break: lowering it takes a right that the restored task may lack.

use ckpt_support::{checkpoint_here, must, same};

pub fn run() {
    // SAFETY: take no pointer.
    unsafe {
        must("setpriority", libc::setpriority(libc::PRIO_PROCESS, 0, 7));
        checkpoint_here();
        same("nice", &7, &libc::getpriority(libc::PRIO_PROCESS, 0));
    }
}
