// SPDX-License-Identifier: GPL-2.0

//! Fact: sigtimedwait goes on until the signal comes that it waits for; it does not fail with EINTR.
//!
//! Could break: while the call waits the mask is another one, and its timeout is relative.

use ckpt_support::signals::{bit, blocked, set_blocked};
use ckpt_support::{errno, raw, ready_inside_until_signal, same, wait_for_go};

pub fn run() {
    let set = bit(libc::SIGUSR1);
    set_blocked(set);
    ready_inside_until_signal(libc::SYS_rt_sigtimedwait, libc::SIGUSR1);
    let time = libc::timespec {
        tv_sec: 1000,
        tv_nsec: 0,
    };
    // SAFETY: a siginfo_t of zeros is one.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    let call = [
        &raw const set as usize,
        &raw mut info as usize,
        &raw const time as usize,
        8,
    ];
    let result = raw(libc::SYS_rt_sigtimedwait, &call);
    let error = if result < 0 { errno() } else { 0 };
    same("sigtimedwait", &(libc::SIGUSR1.into(), 0), &(result, error));
    same("its siginfo", &libc::SIGUSR1, &info.si_signo);
    same("mask afterwards", &set, &blocked());
    wait_for_go();
}
