// SPDX-License-Identifier: GPL-2.0

//! Fact: a pidfd has its flags, also one that open(2) has made of another; and its owner.
//!
//! Could break: all are as pidfd_open(2) makes them.

use ckpt_support::pidfds::{events, open, send};
use ckpt_support::pipes::{again, flags, set_flags};
use ckpt_support::{checkpoint_here, must, same};

/// What fcntl(2) tells without an argument.
fn tell(fd: i32, what: i32) -> i32 {
    // SAFETY: takes no address.
    unsafe { libc::fcntl(fd, what) }
}

pub fn run() {
    // SAFETY: takes no address.
    let own = unsafe { libc::getpid() };
    let plain = open(own, 0);
    let append = open(own, libc::O_NONBLOCK);
    set_flags(append, libc::O_RDWR | libc::O_APPEND | libc::O_NOATIME);
    let kept = open(own, 0);
    // SAFETY: takes no address.
    unsafe {
        must("F_SETFD", libc::fcntl(kept, libc::F_SETFD, 0));
        must("F_SETOWN", libc::fcntl(kept, libc::F_SETOWN, own));
        must("F_SETSIG", libc::fcntl(kept, 10, libc::SIGUSR2));
    }
    let again = again(plain, libc::O_RDONLY);
    let all = [plain, append, kept, again];
    let look = |fd| {
        (
            flags(fd),
            tell(fd, libc::F_GETFD),
            tell(fd, libc::F_GETOWN),
            tell(fd, 11),
            events(fd),
            send(fd, 0),
        )
    };
    let before = all.map(look);
    checkpoint_here();
    same("as they were", &before, &all.map(look));
}
