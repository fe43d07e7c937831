// SPDX-License-Identifier: GPL-2.0

//! Fact: a signal that waits because it is blocked, and is ignored, still waits after a restart.
//!
//! Could break: sent again it would be dropped, and a program that sets a handler before it unblocks
//! the signal would never see it.

use ckpt_support::signals::{bit, note_signal, pending, set_blocked, signal_seen};
use ckpt_support::{checkpoint_here, must, same};

pub fn run() {
    let signals = bit(libc::SIGUSR1) | bit(libc::SIGCHLD) | bit(libc::SIGWINCH);
    set_blocked(signals);
    // SAFETY: no handler is installed, and the signals go to the program itself.
    unsafe {
        libc::signal(libc::SIGUSR1, libc::SIG_IGN);
        for signal in [libc::SIGUSR1, libc::SIGCHLD, libc::SIGWINCH] {
            must("kill", libc::kill(libc::getpid(), signal));
        }
    }
    same("pending", &signals, &pending());
    checkpoint_here();
    same("pending", &signals, &pending());
    note_signal(libc::SIGCHLD);
    set_blocked(0);
    same("seen", &libc::SIGCHLD, &signal_seen());
}
