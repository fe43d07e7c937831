// SPDX-License-Identifier: GPL-2.0

//! Fact: a child that has ended and was not waited for is refused.
//!
//! Could break: it is in no list of tasks that are alive.

use ckpt_support::{checkpoint_here, expect_refusal, must, same};

pub fn run() {
    // SAFETY: single-threaded; the child ends at once.
    let child = must("fork", unsafe { libc::fork() });
    if child == 0 {
        // SAFETY: ends the child.
        unsafe { libc::_exit(7) };
    }
    // SAFETY: writes one siginfo; leaves the child unreaped.
    unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let flags = libc::WEXITED | libc::WNOWAIT;
        must(
            "waitid",
            libc::waitid(libc::P_PID, child as u32, &mut info, flags),
        );
    }
    expect_refusal("TaskChildren|TaskDying|TaskMany", "");
    checkpoint_here();
    let mut status = 0;
    // SAFETY: writes one number.
    same("waitpid", &child, &unsafe {
        libc::waitpid(child, &mut status, 0)
    });
    same("status", &7, &libc::WEXITSTATUS(status));
}
