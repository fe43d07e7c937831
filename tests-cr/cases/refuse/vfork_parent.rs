// SPDX-License-Identifier: GPL-2.0

//! Fact: a process that waits for its vfork child is refused.
//!
//! Could break: it counts as frozen without being in a state that can be saved.

use ckpt_support::{expect_refusal, may_also_refuse, ready, wait_for_go};

extern "C" fn child(_: *mut libc::c_void) -> i32 {
    ready();
    wait_for_go();
    0
}

pub fn run() {
    expect_refusal("TaskVfork", "vfork");
    may_also_refuse("TaskMany");
    may_also_refuse("TaskSharedOutside");
    let stack = Box::leak(vec![0u128; 16_384].into_boxed_slice());
    let top = stack.as_mut_ptr_range().end;
    let flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD;
    // SAFETY: the child has a stack of its own, and the parent stands still until it ends.
    unsafe { libc::clone(child, top.cast(), flags, std::ptr::null_mut()) };
}
