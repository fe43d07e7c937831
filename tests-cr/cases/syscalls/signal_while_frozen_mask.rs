// SPDX-License-Identifier: GPL-2.0

//! Fact: a signal that comes while a program is frozen in sigsuspend, and that only its mask there lets
//! through, is handled when it goes on; then the old mask is back.
//!
//! Could break: the signal waits, unblocked, beside two masks.

use ckpt_support::signals::{bit, blocked, note_signal, set_blocked, signal_seen};
use ckpt_support::{errno, raw, ready_signalled_inside, same, wait_for_go};

pub fn run() {
    note_signal(libc::SIGUSR1);
    let outside = bit(libc::SIGUSR1) | bit(libc::SIGHUP);
    let inside = bit(libc::SIGUSR2);
    set_blocked(outside);
    ready_signalled_inside(libc::SYS_rt_sigsuspend, libc::SIGUSR1);
    let result = raw(libc::SYS_rt_sigsuspend, &[&raw const inside as usize, 8]);
    same("sigsuspend", &(-1, libc::EINTR), &(result, errno()));
    same("signal", &libc::SIGUSR1, &signal_seen());
    same("mask afterwards", &outside, &blocked());
    wait_for_go();
}
