// SPDX-License-Identifier: GPL-2.0

//! Fact: a name with bytes that are no text comes back, and does not break what prints it.
//!
//! Could break: brackets, spaces and newlines in /proc/PID/stat, JSON without escapes.

use ckpt_support::{checkpoint_here, must, proc_self, same};

pub fn run() {
    let name = b") R 1\"\\\n\xff\0";
    // SAFETY: ends with a zero byte.
    must("PR_SET_NAME", unsafe {
        libc::prctl(libc::PR_SET_NAME, name.as_ptr())
    });
    let before = proc_self("comm");
    checkpoint_here();
    same("name", &before, &proc_self("comm"));
}
