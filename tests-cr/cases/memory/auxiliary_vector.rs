// SPDX-License-Identifier: GPL-2.0

//! Fact: the auxiliary vector, on the stack and in the kernel's copy, is as before.
//!
//! Could break: the kernel's copy is apart from the one on the stack, and a restart that makes a
//! new
//! address space starts with an empty one.

use ckpt_support::{check, checkpoint_here, proc_self, same};

/// The 16 random bytes that the kernel gave at execve.
fn random_bytes() -> [u8; 16] {
    // SAFETY: AT_RANDOM points to 16 bytes.
    unsafe { (libc::getauxval(libc::AT_RANDOM) as *const [u8; 16]).read() }
}

pub fn run() {
    let before = (proc_self("auxv"), random_bytes());
    check(!before.0.is_empty(), "the vector is empty");
    checkpoint_here();
    same("vector", &before.0, &proc_self("auxv"));
    same("random bytes", &before.1, &random_bytes());
}
