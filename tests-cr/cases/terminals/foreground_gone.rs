// SPDX-License-Identifier: GPL-2.0

//! Fact: a terminal whose group in the foreground has ended still tells its number, signals nobody, and
//! whoever reads from it is in the background, until somebody takes its place. Slaves that were opened by
//! TIOCGPTPEER show the flags that they were opened with.
//!
//! Could break: there is no process any more that has the number; and it may be somebody else's.

use ckpt_support::pipes::{flags, pipe, read, write};
use ckpt_support::terminals::{get, pair, set};
use ckpt_support::{checkpoint_here, must, same};

use crate::tasks::relatives::{child, end_of, FINE};

const TIOCGPTPEER: libc::Ioctl = 0x5441;

pub fn run() {
    let [master, terminal] = pair();
    let modes = [libc::O_RDWR, libc::O_RDWR | libc::O_CLOEXEC, libc::O_RDONLY | libc::O_CLOEXEC];
    // SAFETY: takes no pointer.
    let peers = modes.map(|mode| must("TIOCGPTPEER", unsafe {
        libc::ioctl(master, TIOCGPTPEER, mode | libc::O_NOCTTY)
    }));
    // SAFETY: takes no pointer.
    let closing = |fd| must("fcntl", unsafe { libc::fcntl(fd, libc::F_GETFD) });
    let shown = || peers.map(|peer| (flags(peer), closing(peer)));
    let before = shown();
    let (asks, answers) = (pipe(0), pipe(0));
    let shell = child(|| {
        shell(master, terminal, asks[0], answers[1]);
        FINE
    });
    let hear = || {
        let bytes = read(answers[0], 4).expect("an answer");
        i32::from_ne_bytes(bytes.try_into().expect("a number"))
    };
    let job = hear();

    checkpoint_here();

    same("flags", &before, &shown());
    same("in the foreground", &job, &get(master, libc::TIOCGPGRP));
    same("session", &shell, &get(master, libc::TIOCGSID));
    // SAFETY: takes no pointer.
    same("nobody", &-1, &unsafe { libc::kill(-job, 0) });
    same("^C", &Ok(1), &write(master, b"\x03"));
    // The terminal looks at it in its own time, and signals who is in front then.
    same("^C is echoed", &Ok(b"^C".to_vec()), &read(master, 10));
    same("ask", &Ok(1), &write(asks[1], b"f"));
    same("its number", &job, &hear());
    same("in the background", &libc::EIO, &hear());
    same("takes its place", &shell, &hear());
    same("in the foreground", &shell, &get(master, libc::TIOCGPGRP));
    same("a line", &Ok(5), &write(master, b"line\n"));
    same("read", &5, &hear());
    same("ends well", &FINE, &end_of(shell));
}

/// A session whose job in the foreground ends.
fn shell(master: i32, terminal: i32, asks: i32, answers: i32) {
    let tell = |number: i32| assert_eq!(write(answers, &number.to_ne_bytes()), Ok(4));
    ckpt_support::pipes::close(&[master]);
    // SAFETY: takes no pointer.
    must("setsid", unsafe { libc::setsid() });
    // SAFETY: takes no pointer.
    must("TIOCSCTTY", unsafe {
        libc::ioctl(terminal, libc::TIOCSCTTY, 0)
    });
    // SAFETY: takes no pointer.
    unsafe {
        libc::signal(libc::SIGTTOU, libc::SIG_IGN);
        libc::signal(libc::SIGTTIN, libc::SIG_IGN);
    }
    let wait = pipe(0);
    let job = child(|| {
        assert_eq!(read(wait[0], 1), Ok(b"x".to_vec()));
        FINE
    });
    // SAFETY: takes no pointer.
    must("setpgid", unsafe { libc::setpgid(job, job) });
    set(terminal, libc::TIOCSPGRP, &job);
    assert_eq!(write(wait[1], b"x"), Ok(1));
    assert_eq!(end_of(job), FINE);
    tell(job);
    assert_eq!(read(asks, 1), Ok(b"f".to_vec()));
    tell(get(terminal, libc::TIOCGPGRP));
    tell(read(terminal, 10).expect_err("in the background"));
    // SAFETY: takes no pointer.
    let own = unsafe { libc::getpgrp() };
    set(terminal, libc::TIOCSPGRP, &own);
    tell(get(terminal, libc::TIOCGPGRP));
    tell(read(terminal, 10).expect("a line").len() as i32);
}
