// SPDX-License-Identifier: GPL-2.0

//! Fact: sigwaitinfo, which has no timeout, goes on until the signal comes.
//!
//! Could break: it is made again with its arguments, not resumed.

use ckpt_support::signals::{bit, set_blocked};
use ckpt_support::{errno, raw, ready_inside_until_signal, same, wait_for_go};

pub fn run() {
    let set = bit(libc::SIGUSR1);
    set_blocked(set);
    ready_inside_until_signal(libc::SYS_rt_sigtimedwait, libc::SIGUSR1);
    let result = raw(
        libc::SYS_rt_sigtimedwait,
        &[&raw const set as usize, 0, 0, 8],
    );
    let error = if result < 0 { errno() } else { 0 };
    same("sigwaitinfo", &(libc::SIGUSR1.into(), 0), &(result, error));
    wait_for_go();
}
