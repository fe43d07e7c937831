// SPDX-License-Identifier: GPL-2.0

//! Fact: a stopped child is still stopped; its parent hears of that once, and can continue it.
//!
//! Could break: the parent has heard already, or hears twice.

use ckpt_support::{checkpoint_here, must, same};

use super::relatives::{child, end_of, state, FINE};

fn heard(pid: i32) -> i32 {
    let mut status = 0;
    let flags = libc::WUNTRACED | libc::WNOHANG;
    // SAFETY: one int for the status.
    match unsafe { libc::waitpid(pid, &mut status, flags) } {
        0 => 0,
        _ if libc::WIFSTOPPED(status) => libc::WSTOPSIG(status),
        _ => -1,
    }
}

fn is_stopped(pid: i32) -> bool {
    state(&pid.to_string()) == 'T'
}

fn stopped() -> i32 {
    let pid = child(|| {
        // SAFETY: takes no address.
        unsafe { libc::raise(libc::SIGSTOP) };
        FINE
    });
    while !is_stopped(pid) {
        std::thread::yield_now();
    }
    pid
}

pub fn run() {
    let (told, untold) = (stopped(), stopped());
    same("told", &libc::SIGSTOP, &heard(told));
    checkpoint_here();
    same("not again", &0, &heard(told));
    same("now", &libc::SIGSTOP, &heard(untold));
    same("once", &0, &heard(untold));
    for pid in [told, untold] {
        same("stopped", &true, &is_stopped(pid));
        // SAFETY: takes no address.
        must("kill", unsafe { libc::kill(pid, libc::SIGCONT) });
        same("and goes on", &FINE, &end_of(pid));
    }
}
