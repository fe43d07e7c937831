// SPDX-License-Identifier: GPL-2.0

//! Fact: what has ended and was not waited for is still there to be waited for, in its order, with
//! its status and usage; and nobody is signalled again.
//!
//! Could break: the parent gets a second SIGCHLD, or none to wait for.

use ckpt_support::signals::{note_signal, signals_seen};
use ckpt_support::{check, checkpoint_here, must, same};

use super::relatives::{child, state};

fn is_zombie(pid: i32) -> bool {
    state(&pid.to_string()) == 'Z'
}

/// Who has ended first, its code, and the time it had used; it stays to be waited for, or not.
fn first(flags: i32) -> (i32, i32, i64) {
    // SAFETY: a siginfo and a rusage to be filled.
    unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let mut usage: libc::rusage = std::mem::zeroed();
        let result = libc::syscall(
            libc::SYS_waitid,
            libc::P_ALL,
            0,
            &raw mut info,
            libc::WEXITED | flags,
            &raw mut usage,
        );
        must("waitid", result as i32);
        let time = usage.ru_utime.tv_sec * 1_000_000 + usage.ru_utime.tv_usec;
        (info.si_pid(), info.si_status(), time)
    }
}

fn work() {
    let start = std::time::Instant::now();
    while start.elapsed().as_millis() < 150 {
        std::hint::black_box(0);
    }
}

pub fn run() {
    note_signal(libc::SIGCHLD);
    let worker = child(|| {
        work();
        7
    });
    let killed = child(|| loop {
        // SAFETY: takes no address.
        unsafe { libc::pause() };
    });
    // SAFETY: takes no address.
    must("kill", unsafe { libc::kill(killed, libc::SIGTERM) });
    while signals_seen() < 2 {
        std::thread::sleep(std::time::Duration::from_millis(5));
        if is_zombie(worker) && is_zombie(killed) {
            break;
        }
    }
    std::thread::sleep(std::time::Duration::from_millis(20));
    let before = signals_seen();
    let oldest = first(libc::WNOWAIT);
    checkpoint_here();
    same("signals", &before, &signals_seen());
    check(is_zombie(worker), "the worker is a zombie");
    same("still the first", &oldest, &first(libc::WNOWAIT));
    same("the first", &(worker, 7), &(oldest.0, oldest.1));
    check(oldest.2 > 0, "it has used some time");
    same("and waited for", &oldest, &first(0));
    let (second, signal, _) = first(0);
    same("the second", &(killed, libc::SIGTERM), &(second, signal));
    // SAFETY: without a status it takes no address.
    same("nobody is left", &-1, &unsafe { libc::wait(std::ptr::null_mut()) });
    same("signals", &before, &signals_seen());
}
