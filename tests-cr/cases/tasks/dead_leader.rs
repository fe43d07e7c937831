// SPDX-License-Identifier: GPL-2.0

//! Fact: a process whose first thread has ended goes on with the others.
//!
//! Could break: what belongs to the process stands with its leader.

use ckpt_support::{check, checkpoint_here, finish, must, same};

pub fn run() {
    // SAFETY: takes no address.
    let process = unsafe { libc::getpid() };
    // SAFETY: takes no address.
    must("prctl", unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1) });
    std::thread::spawn(move || {
        let state = || {
            let stat = std::fs::read_to_string(format!("/proc/self/task/{process}/stat"));
            let stat = stat.expect("stat of the leader");
            stat.rsplit_once(") ").expect("a name").1[..1].to_owned()
        };
        while state() != "Z" {
            std::thread::yield_now();
        }
        // SAFETY: takes no address.
        let own = unsafe { libc::syscall(libc::SYS_gettid) };
        let pending = 1u64 << (libc::SIGUSR1 - 1);
        // SAFETY: reads eight bytes; then signals the process itself.
        unsafe {
            libc::syscall(libc::SYS_rt_sigprocmask, libc::SIG_BLOCK, &raw const pending, 0, 8);
            libc::kill(process, libc::SIGUSR1);
        }
        checkpoint_here();
        same("the leader", &"Z".to_owned(), &state());
        // SAFETY: takes no address.
        same("the thread", &own, &unsafe { libc::syscall(libc::SYS_gettid) });
        // SAFETY: takes no address.
        same("the process", &process, &unsafe { libc::getpid() });
        let mut set = 0u64;
        // SAFETY: one set of signals to be filled.
        unsafe { libc::syscall(libc::SYS_rt_sigpending, &raw mut set, 8) };
        check(set & pending != 0, "a signal is queued for the process");
        let mut flag = 0i32;
        // SAFETY: one int to be filled.
        unsafe { libc::prctl(libc::PR_GET_CHILD_SUBREAPER, &raw mut flag) };
        same("subreaper", &1, &flag);
        finish();
    });
    // SAFETY: ends this thread and no other.
    unsafe { libc::syscall(libc::SYS_exit, 0) };
}
