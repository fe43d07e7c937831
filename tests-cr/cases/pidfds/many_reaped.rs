// SPDX-License-Identifier: GPL-2.0

//! Fact: each of many pidfds tells of its own process, dead or alive.
//!
//! Could break: they are mixed up.

use ckpt_support::pidfds::{exit_code, open, send, wait};
use ckpt_support::{checkpoint_here, same};

use crate::tasks::relatives::{child, end_of};

pub fn run() {
    let dead: Vec<_> = (0..40)
        .map(|code| {
            let pid = child(|| code);
            let fd = open(pid, 0);
            same("its end", &code, &end_of(pid));
            fd
        })
        .collect();
    let living: Vec<_> = (0..8)
        .map(|_| {
            open(
                child(|| loop {
                    // SAFETY: takes no address.
                    unsafe { libc::pause() };
                }),
                0,
            )
        })
        .collect();
    checkpoint_here();
    for (code, fd) in (0..).zip(dead) {
        same("code", &Some(code << 8), &exit_code(fd));
    }
    for (signal, fd) in [1, 2, 9, 10, 12, 14, 15, 34].into_iter().zip(living) {
        same("signal", &0, &send(fd, signal));
        same("its end", &signal, &wait(fd, libc::WEXITED));
    }
}
