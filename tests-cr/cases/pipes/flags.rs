// SPDX-License-Identifier: GPL-2.0

//! Fact: flags belong to each end: O_NONBLOCK, O_DIRECT, O_APPEND, O_NOATIME, close-on-exec; and that
//! it was made by pipe(2) or opened later (RWF_NOWAIT knows).
//!
//! Could break: open(2) does not take O_DIRECT for a pipe, and sets O_LARGEFILE.

use ckpt_support::pipes::{again, flags, knows_nowait, pipe, set_flags};
use ckpt_support::{checkpoint_here, must, same};

pub fn run() {
    let plain = pipe(0);
    let quick = pipe(libc::O_NONBLOCK | libc::O_CLOEXEC);
    let packets = pipe(libc::O_DIRECT);
    let late = pipe(0);
    set_flags(late[0], libc::O_NONBLOCK | libc::O_NOATIME);
    set_flags(late[1], libc::O_APPEND | libc::O_DIRECT);
    let opened = [
        again(plain[0], libc::O_RDONLY),
        again(plain[0], libc::O_WRONLY | libc::O_NONBLOCK),
        again(plain[1], libc::O_RDWR | libc::O_APPEND | libc::O_SYNC),
        again(quick[1], libc::O_RDONLY | libc::O_NOATIME | libc::O_CLOEXEC),
    ];
    set_flags(opened[2], libc::O_DIRECT);
    let fds = [plain, quick, packets, late].concat();
    let all = || -> Vec<_> {
        let all = fds.iter().chain(&opened);
        all.map(|&fd| {
            // SAFETY: takes no pointer.
            let own = must("F_GETFD", unsafe { libc::fcntl(fd, libc::F_GETFD) });
            (flags(fd), own, knows_nowait(fd))
        })
        .collect()
    };
    let before = all();
    same("made by pipe(2)", &true, &before[0].2);
    same("opened later", &false, &before[8].2);
    checkpoint_here();
    same("flags", &before, &all());
}
