// SPDX-License-Identifier: GPL-2.0

//! Fact: what has ended before its parent came to ignore SIGCHLD can still be waited for.
//!
//! Could break: it ends once more, and nobody hears of it.

use ckpt_support::{checkpoint_here, errno, must, same};

use super::relatives::{child, end_of, FINE};

pub fn run() {
    let pid = child(|| FINE);
    // SAFETY: a siginfo to be filled, for which zeros are a value.
    unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let flags = libc::WEXITED | libc::WNOWAIT;
        must("waitid", libc::waitid(libc::P_PID, pid as u32, &mut info, flags));
        libc::signal(libc::SIGCHLD, libc::SIG_IGN);
    }
    checkpoint_here();
    same("its code", &FINE, &end_of(pid));
    // The next one nobody waits for.
    let next = child(|| FINE);
    // SAFETY: null is no status.
    let waited = unsafe { libc::waitpid(next, std::ptr::null_mut(), 0) };
    same("the next", &(-1, libc::ECHILD), &(waited, errno()));
}
