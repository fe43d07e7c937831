// SPDX-License-Identifier: GPL-2.0

//! Fact: a job in the background that was stopped because it read from its terminal (SIGTTIN) reads
//! when it is brought to the foreground; and one that blocks the signal gets an error.
//!
//! Could break: the stop came in the middle of read(2).

use ckpt_support::pipes::{read, write};
use ckpt_support::terminals::{pair, set};
use ckpt_support::{checkpoint_here, must, same};

use crate::tasks::relatives::child;

/// A child in a group of its own.
fn job(what: impl FnOnce() -> i32) -> i32 {
    child(|| {
        // SAFETY: takes no pointer.
        must("setpgid", unsafe { libc::setpgid(0, 0) });
        what()
    })
}

/// What happens to a child next: waitid's code and status.
fn next(pid: i32) -> (i32, i32) {
    // SAFETY: fills one struct, for which zeros are a value.
    unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let what = libc::WSTOPPED | libc::WEXITED;
        must("waitid", libc::waitid(libc::P_PID, pid as u32, &mut info, what));
        (info.si_code, info.si_status())
    }
}

pub fn run() {
    let [master, terminal] = pair();
    // SAFETY: takes no pointer.
    must("TIOCSCTTY", unsafe {
        libc::ioctl(terminal, libc::TIOCSCTTY, 0)
    });
    // SAFETY: takes no pointer.
    unsafe { libc::signal(libc::SIGTTOU, libc::SIG_IGN) };
    let first = job(|| i32::from(read(terminal, 100) != Ok(b"for you\n".to_vec())));
    same("stopped", &(libc::CLD_STOPPED, libc::SIGTTIN), &next(first));

    checkpoint_here();

    let stubborn = job(|| {
        // SAFETY: takes no pointer.
        unsafe { libc::signal(libc::SIGTTIN, libc::SIG_IGN) };
        i32::from(read(terminal, 100) != Err(libc::EIO))
    });
    same("an error", &(libc::CLD_EXITED, 0), &next(stubborn));
    same("type", &Ok(8), &write(master, b"for you\n"));
    set(terminal, libc::TIOCSPGRP, &first);
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(-first, libc::SIGCONT) });
    same("reads", &(libc::CLD_EXITED, 0), &next(first));
}
