// SPDX-License-Identifier: GPL-2.0

//! Fact: owner, mode and times that a memfd was given come back.
//!
//! Could break: a new memfd belongs to whoever makes it.

use std::os::fd::AsRawFd;
use std::os::unix::fs::{fchown, MetadataExt};

use ckpt_support::{checkpoint_here, memfd, must, same};

pub fn run() {
    let file = memfd(c"owned", 0);
    fchown(&file, Some(1234), Some(4321)).expect("fchown");
    // SAFETY: takes no pointer.
    must("fchmod", unsafe { libc::fchmod(file.as_raw_fd(), 0o4640) });
    let times = [
        libc::timespec {
            tv_sec: 1_000_000_000,
            tv_nsec: 5,
        },
        libc::timespec {
            tv_sec: 1_100_000_000,
            tv_nsec: 123_456_789,
        },
    ];
    // SAFETY: reads two timespecs.
    must("futimens", unsafe {
        libc::futimens(file.as_raw_fd(), times.as_ptr())
    });
    let seen = || {
        let about = file.metadata().expect("fstat");
        (
            (about.uid(), about.gid(), about.mode()),
            (about.atime(), about.atime_nsec()),
            (about.mtime(), about.mtime_nsec()),
        )
    };
    let before = seen();
    checkpoint_here();
    same("owner, mode, times", &before, &seen());
}
