// SPDX-License-Identifier: GPL-2.0

//! Fact: fcntl(F_GETFL) tells the same as before, for flags too that mean nothing any more; and
//! whether opening created the file (F_CREATED_QUERY).
//!
//! Could break: flags that open(2) would not take again for what is there now, and those that the
//! kernel keeps apart from the others.

use std::ffi::CStr;
use std::os::fd::RawFd;

use ckpt_support::{checkpoint_here, must, same};

const O_EMPTYPATH: i32 = 1 << 26;
const F_CREATED_QUERY: i32 = 1028;

fn open(name: &CStr, flags: i32) -> RawFd {
    // SAFETY: a C string.
    must("open", unsafe { libc::open(name.as_ptr(), flags, 0o600) })
}

fn seen(fd: RawFd) -> (i32, i32) {
    // SAFETY: take no pointer.
    unsafe {
        let flags = must("F_GETFL", libc::fcntl(fd, libc::F_GETFL));
        (flags, libc::fcntl(fd, F_CREATED_QUERY))
    }
}

/// The other side of a terminal, which keeps O_CLOEXEC with the open file.
fn peer() -> RawFd {
    let master = open(c"/dev/ptmx", libc::O_RDWR | libc::O_NOCTTY);
    let flags = libc::O_RDWR | libc::O_NOCTTY | libc::O_CLOEXEC;
    // SAFETY: reads one number; the other takes no pointer.
    unsafe {
        let unlocked = 0;
        must(
            "TIOCSPTLCK",
            libc::ioctl(master, libc::TIOCSPTLCK, &raw const unlocked),
        );
        must("TIOCGPTPEER", libc::ioctl(master, libc::TIOCGPTPEER, flags))
    }
}

pub fn run() {
    let create = libc::O_CREAT | libc::O_EXCL | libc::O_TRUNC;
    let mut all = vec![
        open(c"created", libc::O_RDWR | create | libc::O_CLOEXEC),
        open(c"created", libc::O_RDONLY | libc::O_CREAT | libc::O_NOCTTY),
        open(c"created", libc::O_WRONLY | libc::O_ASYNC),
        open(c"created", libc::O_RDWR | libc::O_NOFOLLOW | libc::O_NOATIME),
        open(c"created", libc::O_ACCMODE),
        open(c".", libc::O_DIRECTORY | libc::O_NONBLOCK | libc::O_NOFOLLOW),
        open(c".", libc::O_PATH | libc::O_DIRECTORY | libc::O_NOFOLLOW),
    ];
    // A kernel that does not know it says so.
    // SAFETY: a C string.
    let again = unsafe { libc::openat(all[0], c"".as_ptr(), libc::O_RDONLY | O_EMPTYPATH) };
    if again >= 0 {
        all.push(again);
    }
    all.push(peer());
    let before: Vec<_> = all.iter().map(|fd| seen(*fd)).collect();
    same("first created", &1, &before[0].1);
    checkpoint_here();
    let now: Vec<_> = all.iter().map(|fd| seen(*fd)).collect();
    same("flags", &before, &now);
}
