// SPDX-License-Identifier: GPL-2.0

//! Two processes with the same memory and the same signal actions, one of which has many threads.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

use ckpt_support::{checkpoint_here, must, same};

const THREADS: usize = 40;
const STACK: usize = 32 * 1024;

/// Where the stack of the next one ends.
static NEXT: AtomicUsize = AtomicUsize::new(0);
static ARE_THERE: AtomicBool = AtomicBool::new(false);

/// All of them share what they have: memory, and so the first task's thread-local storage.
const SHARED: i32 = libc::CLONE_VM | libc::CLONE_SIGHAND;

pub fn run() {
    let stacks = vec![0_u8; (THREADS + 1) * STACK].leak();
    NEXT.store(stacks.as_mut_ptr_range().end as usize, SeqCst);
    let other = start(leader, SHARED | libc::SIGCHLD);
    must("clone", other);
    while !ARE_THERE.load(SeqCst) {
        std::thread::yield_now();
    }
    checkpoint_here();
    let mut status = 0;
    // SAFETY: fills one number.
    unsafe {
        must("kill", libc::kill(other, libc::SIGKILL));
        must("waitpid", libc::waitpid(other, &mut status, 0));
    }
    same("its end", &libc::SIGKILL, &libc::WTERMSIG(status));
}

type Body = extern "C" fn(*mut libc::c_void) -> i32;

/// Neither this nor what it starts allocates anything.
fn start(body: Body, flags: i32) -> i32 {
    let top = NEXT.fetch_sub(STACK, SeqCst) as *mut libc::c_void;
    // SAFETY: the stack is the new task's for ever.
    unsafe { libc::clone(body, top, flags, std::ptr::null_mut()) }
}

extern "C" fn leader(_: *mut libc::c_void) -> i32 {
    for _ in 0..THREADS {
        if start(asleep, SHARED | libc::CLONE_THREAD) < 0 {
            return 1;
        }
    }
    ARE_THERE.store(true, SeqCst);
    asleep(std::ptr::null_mut())
}

extern "C" fn asleep(_: *mut libc::c_void) -> i32 {
    loop {
        // SAFETY: takes no pointer.
        unsafe { libc::syscall(libc::SYS_pause) };
    }
}
