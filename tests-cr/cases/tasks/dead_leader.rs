// SPDX-License-Identifier: GPL-2.0

//! Fact: a process whose first thread has ended goes on with the others.
//!
//! Could break: what belongs to the process stands with its leader.

use ckpt_support::signals::{bit, blocked, pending, set_blocked};
use ckpt_support::{check, checkpoint_here, finish, must, same};

use super::relatives::{state, thread_number};

pub fn run() {
    // SAFETY: takes no address.
    let process = unsafe { libc::getpid() };
    // SAFETY: takes no address.
    must("prctl", unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1) });
    std::thread::spawn(move || {
        let leader = || state(&format!("{process}/task/{process}"));
        while leader() != 'Z' {
            std::thread::yield_now();
        }
        let own = thread_number();
        set_blocked(blocked() | bit(libc::SIGUSR1));
        // SAFETY: takes no address.
        unsafe { libc::kill(process, libc::SIGUSR1) };
        checkpoint_here();
        same("the leader", &'Z', &leader());
        same("the thread", &own, &thread_number());
        // SAFETY: takes no address.
        same("the process", &process, &unsafe { libc::getpid() });
        let is_queued = pending() & bit(libc::SIGUSR1) != 0;
        check(is_queued, "a signal is queued for the process");
        let mut flag = 0i32;
        // SAFETY: one int to be filled.
        unsafe { libc::prctl(libc::PR_GET_CHILD_SUBREAPER, &raw mut flag) };
        same("subreaper", &1, &flag);
        finish();
    });
    // SAFETY: ends this thread and no other.
    unsafe { libc::syscall(libc::SYS_exit, 0) };
}
