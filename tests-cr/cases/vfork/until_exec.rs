// SPDX-License-Identifier: GPL-2.0

//! Fact: a parent waits until its vfork child calls execve(2).
//!
//! Could break: it waits until the child ends.

use ckpt_support::{check, checkpoint_here, same};

use super::borrowed::{step, vfork};
use crate::tasks::relatives::end_of;

pub fn run() {
    let mut ends = [0; 2];
    // SAFETY: two numbers, as wanted.
    unsafe { libc::pipe(ends.as_mut_ptr()) };
    let pid = vfork(|| {
        checkpoint_here();
        step();
        // What it becomes waits for the parent, and does not know that name.
        // SAFETY: constant strings; descriptors of the child.
        unsafe {
            libc::dup2(ends[0], 0);
            libc::close(ends[1]);
            let shell = c"/bin/sh".as_ptr();
            let words = [shell, c"-c".as_ptr(), c"read x; exit 6".as_ptr(), std::ptr::null()];
            libc::execv(shell, words.as_ptr());
        }
        99
    });
    same("it was waited for", &1, &step());
    // SAFETY: without a status it takes no address.
    let ended = unsafe { libc::waitpid(pid, std::ptr::null_mut(), libc::WNOHANG) };
    check(ended == 0, "it has become another program, and lives");
    // SAFETY: writes one byte, and closes what is ours.
    unsafe {
        libc::write(ends[1], c"\n".as_ptr().cast(), 1);
        libc::close(ends[1]);
    }
    same("its end", &6, &end_of(pid));
}
