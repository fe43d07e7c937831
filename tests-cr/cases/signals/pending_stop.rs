// SPDX-License-Identifier: GPL-2.0

//! Fact: a blocked stop signal that waits is there after a restart, and SIGCONT removes it.
//!
//! Could break: queueing it as if it were sent again would act on other signals.

use ckpt_support::signals::{bit, pending, set_blocked};
use ckpt_support::{checkpoint_here, must, same};

pub fn run() {
    let stops = bit(libc::SIGTSTP) | bit(libc::SIGTTIN);
    set_blocked(stops);
    // SAFETY: takes no pointer.
    unsafe {
        must("raise", libc::raise(libc::SIGTSTP));
        must("kill", libc::kill(libc::getpid(), libc::SIGTTIN));
    }
    checkpoint_here();
    same("pending", &stops, &pending());
    // SAFETY: takes no pointer.
    must("raise", unsafe { libc::raise(libc::SIGCONT) });
    same("pending after SIGCONT", &0, &pending());
    set_blocked(0);
}
