// SPDX-License-Identifier: GPL-2.0

//! Fact: what has ended and was not waited for is still there to be waited for, in its order, with
//! its status and usage; and nobody is signalled again.
//!
//! Could break: the parent gets a second SIGCHLD, or none to wait for.

use ckpt_support::signals::{note_signal, signals_seen};
use ckpt_support::{check, checkpoint_here, errno, must, same};

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

/// Uses what counts as user time.
fn work() {
    // SAFETY: fills one rusage, for which zeros are a value.
    let used = || unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        must("getrusage", libc::getrusage(libc::RUSAGE_SELF, &mut usage));
        usage.ru_utime.tv_sec * 1_000_000 + usage.ru_utime.tv_usec
    };
    while used() < 50_000 {
        std::hint::black_box((0..2000u64).sum::<u64>());
    }
}

/// Waits until it has ended and its parent was told; it stays to be waited for.
fn has_ended(pid: i32) {
    let flags = libc::WEXITED | libc::WNOWAIT;
    // SAFETY: a siginfo to be filled, for which zeros are a value.
    let told = || unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        libc::waitid(libc::P_PID, pid as u32, &mut info, flags)
    };
    // The signal that tells of one ends the wait for the other.
    while told() < 0 {
        same("waitid", &libc::EINTR, &errno());
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
    has_ended(worker);
    has_ended(killed);
    let before = signals_seen();
    let oldest = first(libc::WNOWAIT);
    checkpoint_here();
    same("signals", &before, &signals_seen());
    check(is_zombie(worker), "the worker is a zombie");
    let now = first(libc::WNOWAIT);
    same("the first", &(worker, 7), &(oldest.0, oldest.1));
    same("still the first", &(oldest.0, oldest.1), &(now.0, now.1));
    // On its last way off the CPU, after its parent was told, it may have used a little more.
    let more = now.2 - oldest.2;
    check((0..10_000_000).contains(&more), &format!("it has used {more} us more"));
    same("and waited for", &now, &first(0));
    let (second, signal, _) = first(0);
    same("the second", &(killed, libc::SIGTERM), &(second, signal));
    // SAFETY: without a status it takes no address.
    same("nobody is left", &-1, &unsafe { libc::wait(std::ptr::null_mut()) });
    same("signals", &before, &signals_seen());
}
