// SPDX-License-Identifier: GPL-2.0

//! Fact: an interrupted call that goes on is seen by the filter as restart_syscall(2), after a restart
//! as after a thaw.
//!
//! Could break: the filter is attached before the task leaves, and the call goes on after.

use ckpt_support::{check, errno, raw, ready_inside, same, was_checkpointed, GoFlag};

use super::confined::{error, install};

pub fn run() {
    install(libc::SYS_restart_syscall, error(libc::EDOM), 0);
    let pause = libc::timespec {
        tv_sec: 0,
        tv_nsec: 300_000_000,
    };
    let call = [&raw const pause as usize, 0];
    let go = GoFlag::map();
    let mut refused = 0;
    ready_inside(libc::SYS_nanosleep);
    while !go.is_set() {
        if raw(libc::SYS_nanosleep, &call) == -1 {
            same("nanosleep", &libc::EDOM, &errno());
            refused += 1;
        }
    }
    if was_checkpointed() {
        check(refused > 0, "the call that went on was not filtered");
    }
}
