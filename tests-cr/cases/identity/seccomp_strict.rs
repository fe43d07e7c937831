// SPDX-License-Identifier: GPL-2.0

//! Fact: a program in seccomp's strict mode is still in it, and goes on.
//!
//! Could break: it may read, write and exit, and nothing else; one call too many is its end.

use ckpt_support::{must, ready, GoFlag};

pub fn run() {
    let go = GoFlag::map();
    // Whatever the library wants to do once, it has done.
    ready();
    // SAFETY: takes no pointer.
    must("PR_SET_SECCOMP", unsafe {
        libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_STRICT, 0, 0, 0)
    });
    while !go.is_set() {
        std::hint::spin_loop();
    }
    let text = b"passed\n";
    // SAFETY: writes bytes of ours, and ends the only thread.
    unsafe {
        libc::write(1, text.as_ptr().cast(), text.len());
        libc::syscall(libc::SYS_exit, 0);
    }
}
