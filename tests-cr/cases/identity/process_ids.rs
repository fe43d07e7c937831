// SPDX-License-Identifier: GPL-2.0

//! Fact: pid, thread id, process group and session are the same numbers.
//!
//! Could break: they may be in use already; --pids gives the container a pid namespace of its own.

use ckpt_support::{checkpoint_here, same};

fn ids() -> [i32; 6] {
    // SAFETY: take no pointer.
    unsafe {
        [
            libc::getpid(),
            libc::gettid(),
            libc::getpgrp(),
            libc::getsid(0),
            libc::getpgid(libc::getpid()),
            ckpt_support::raw(libc::SYS_getpid, &[]) as i32,
        ]
    }
}

pub fn run() {
    let before = ids();
    checkpoint_here();
    same("pid, tid, group, session", &before, &ids());
    let own = std::fs::read_link("/proc/self").expect("/proc/self");
    same(
        "/proc/self",
        &before[0].to_string().as_str(),
        &own.to_str().unwrap_or_default(),
    );
}
