// SPDX-License-Identifier: GPL-2.0

//! Children that borrow the memory of their parent.

use std::sync::atomic::{AtomicU32, Ordering};

use ckpt_support::must;

extern "C" fn start<F: FnOnce() -> i32>(body: *mut libc::c_void) -> i32 {
    // SAFETY: `vfork` gives an option with a body, and stands still.
    let body = unsafe { &mut *body.cast::<Option<F>>() };
    let body = body.take().expect("a body");
    body()
}

/// clone(2) with CLONE_VFORK and these flags: the child ends with what `body` gives, on a stack of
/// its own, before the call returns.
pub fn vfork_with<F: FnOnce() -> i32>(flags: i32, body: F) -> i32 {
    let stack = vec![0u128; 16_384].leak();
    let top = stack.as_mut_ptr_range().end;
    let mut body = Some(body);
    let flags = libc::CLONE_VFORK | flags;
    // SAFETY: the stack is the child's for ever, and the caller stands still until it ends.
    must("clone", unsafe {
        libc::clone(start::<F>, top.cast(), flags, (&raw mut body).cast())
    })
}

/// As vfork(2) does.
pub fn vfork<F: FnOnce() -> i32>(body: F) -> i32 {
    vfork_with(libc::CLONE_VM | libc::SIGCHLD, body)
}

/// Children of a vfork mark that they have been there: their parent sees it, if it was waiting.
pub static STEPS: AtomicU32 = AtomicU32::new(0);

/// One step further; gives how many there were before.
pub fn step() -> u32 {
    STEPS.fetch_add(1, Ordering::SeqCst)
}

/// What the kernel says of the caller: nothing of the C library is asked, which may know better.
pub fn own_number() -> i32 {
    ckpt_support::raw(libc::SYS_getpid, &[]) as i32
}
