// SPDX-License-Identifier: GPL-2.0

//! Fact: a handler that runs after a restart still ends sigtimedwait with EINTR.
//!
//! Could break: the call goes on without a word after freezing, but must not after a signal.

use ckpt_support::signals::{bit, note_signal, signal_seen};
use ckpt_support::{errno, raw, ready_inside_until_signal, same, wait_for_go};

pub fn run() {
    note_signal(libc::SIGUSR2);
    let set = bit(libc::SIGUSR1);
    ready_inside_until_signal(libc::SYS_rt_sigtimedwait, libc::SIGUSR2);
    let time = libc::timespec {
        tv_sec: 1000,
        tv_nsec: 0,
    };
    let call = [&raw const set as usize, 0, &raw const time as usize, 8];
    let result = raw(libc::SYS_rt_sigtimedwait, &call);
    same("sigtimedwait", &(-1, libc::EINTR), &(result, errno()));
    same("signal", &libc::SIGUSR2, &signal_seen());
    wait_for_go();
}
