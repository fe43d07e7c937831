// SPDX-License-Identifier: GPL-2.0

//! Fact: a signal that comes while a program is frozen in a call is handled when it goes on, and the call
//! fails with EINTR.
//!
//! Could break: what the call is to return is decided only then, from registers that say that it was
//! interrupted.

use ckpt_support::signals::{note_signal, signal_seen};
use ckpt_support::{errno, raw, ready_signalled_inside, same, wait_for_go};

pub fn run() {
    note_signal(libc::SIGUSR1);
    ready_signalled_inside(libc::SYS_poll, libc::SIGUSR1);
    let result = raw(libc::SYS_poll, &[0, 0, 1_000_000]);
    same("poll", &(-1, libc::EINTR), &(result, errno()));
    same("signal", &libc::SIGUSR1, &signal_seen());
    wait_for_go();
}
