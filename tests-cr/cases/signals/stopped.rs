// SPDX-License-Identifier: GPL-2.0

//! Fact: a process that has stopped itself comes back stopped; SIGCONT brings it on, and signals that
//! were waiting are delivered then.
//!
//! Could break: a stopped task counts as frozen, but it is not where frozen tasks are.

use ckpt_support::signals::{bit, note_signal, set_blocked, signal_seen, signals_seen};
use ckpt_support::{must, ready_stopped, same, wait_for_go};

pub fn run() {
    note_signal(libc::SIGUSR1);
    note_signal(libc::SIGCONT);
    set_blocked(bit(libc::SIGUSR1));
    // SAFETY: takes no pointer.
    must("raise", unsafe { libc::raise(libc::SIGUSR1) });
    ready_stopped();
    // SAFETY: takes no pointer.
    must("raise", unsafe { libc::raise(libc::SIGSTOP) });
    same("signals seen", &1, &signals_seen());
    same("which", &libc::SIGCONT, &signal_seen());
    set_blocked(0);
    same("signals seen", &2, &signals_seen());
    same("which", &libc::SIGUSR1, &signal_seen());
    wait_for_go();
}
