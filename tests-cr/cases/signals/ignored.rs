// SPDX-License-Identifier: GPL-2.0

//! Fact: a signal that is ignored does nothing after a restart.
//!
//! Could break: actions that are restored too late, or as "default", would end the program.

use ckpt_support::{checkpoint_here, same};

pub fn run() {
    // SAFETY: no handler is installed.
    unsafe {
        libc::signal(libc::SIGUSR2, libc::SIG_IGN);
        libc::signal(libc::SIGTERM, libc::SIG_IGN);
        checkpoint_here();
        same("raise", &0, &libc::raise(libc::SIGUSR2));
        same("raise", &0, &libc::raise(libc::SIGTERM));
    }
}
