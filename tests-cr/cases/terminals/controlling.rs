// SPDX-License-Identifier: GPL-2.0

//! Fact: a session goes on at its terminal, with the group in the foreground that was there: ^C reaches
//! it and nobody else, the size of the window too; the shell can bring another to the foreground; a
//! process that was there before the terminal has none; and hanging up reaches the shell.
//!
//! Could break: which session and which group it is are in the kernel, on both sides.

use std::sync::atomic::{AtomicI32, Ordering::SeqCst};

use ckpt_support::pipes::{open, read, write};
use ckpt_support::signals::handle;
use ckpt_support::terminals::{get, pair, set, slave};
use ckpt_support::{checkpoint_here, must, same};

use crate::tasks::relatives::{checked_child, child, end_of, FINE};

static SEEN: AtomicI32 = AtomicI32::new(0);

extern "C" fn note(signal: i32) {
    SEEN.store(signal, SeqCst);
}

/// Waits for this signal.
fn wait_for(signal: i32) {
    while SEEN.swap(0, SeqCst) != signal {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// The device number of what controls a process, as /proc tells.
fn controls(pid: i32) -> i64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("stat");
    let (_, after) = stat.rsplit_once(") ").expect("a name");
    after.split(' ').nth(4).and_then(|n| n.parse().ok()).expect("tty_nr")
}

fn foreground(fd: i32) -> i32 {
    get(fd, libc::TIOCGPGRP)
}

pub fn run() {
    let [master, terminal] = pair();
    let [asks, answers] = [ckpt_support::pipes::pipe(0), ckpt_support::pipes::pipe(0)];
    let shell = child(|| {
        ckpt_support::pipes::close(&[master]);
        shell(terminal, asks[0], answers[1]);
        FINE
    });
    ckpt_support::pipes::close(&[terminal, asks[0], answers[1]]);
    let hear = || {
        let bytes = read(answers[0], 4).expect("an answer");
        i32::from_ne_bytes(bytes.try_into().expect("a number"))
    };
    let (job, old) = (hear(), hear());
    let before = [shell, job, old].map(controls);
    same("the old one has none", &0, &before[2]);

    checkpoint_here();

    same("as before", &before, &[shell, job, old].map(controls));
    let session: i32 = get(master, libc::TIOCGSID);
    same("its session", &shell, &session);
    same("in the foreground", &job, &foreground(master));
    let size = libc::winsize {
        ws_row: 7,
        ws_col: 77,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    set(master, libc::TIOCSWINSZ, &size);
    same("SIGWINCH", &libc::SIGWINCH, &hear());
    same("^C", &Ok(1), &write(master, b"\x03"));
    same("SIGINT", &libc::SIGINT, &hear());
    same("ask", &Ok(1), &write(asks[1], b"f"));
    same("its end", &FINE, &hear());
    same("comes to the foreground", &shell, &foreground(master));
    same("^\\", &Ok(1), &write(master, b"\x1c"));
    same("SIGQUIT", &libc::SIGQUIT, &hear());
    let late = slave(master, 0);
    ckpt_support::pipes::close(&[late, master]);
    same("SIGHUP", &libc::SIGHUP, &hear());
    same("ends well", &FINE, &end_of(shell));
}

/// A session with this terminal: says who is in it, and what it hears.
fn shell(terminal: i32, asks: i32, answers: i32) {
    let tell = |number: i32| assert_eq!(write(answers, &number.to_ne_bytes()), Ok(4));
    // SAFETY: takes no pointer.
    must("setsid", unsafe { libc::setsid() });
    for signal in [libc::SIGINT, libc::SIGQUIT, libc::SIGHUP, libc::SIGTERM] {
        handle(signal, 0, note);
    }
    // SAFETY: takes no pointer.
    unsafe { libc::signal(libc::SIGTTOU, libc::SIG_IGN) };
    let old = checked_child(|| true);
    // SAFETY: takes no pointer.
    must("TIOCSCTTY", unsafe {
        libc::ioctl(terminal, libc::TIOCSCTTY, 0)
    });
    let job = child(|| {
        handle(libc::SIGWINCH, 0, note);
        wait_for(libc::SIGWINCH);
        tell(libc::SIGWINCH);
        wait_for(libc::SIGINT);
        tell(libc::SIGINT);
        FINE
    });
    // SAFETY: takes no pointer.
    must("setpgid", unsafe { libc::setpgid(job, job) });
    set(terminal, libc::TIOCSPGRP, &job);
    tell(job);
    tell(old);
    assert_eq!(read(asks, 1), Ok(b"f".to_vec()));
    let end = end_of(job);
    let own = open(c"/dev/tty", libc::O_RDWR);
    // SAFETY: takes no pointer.
    let group = unsafe { libc::getpgrp() };
    set(own, libc::TIOCSPGRP, &group);
    assert_eq!(SEEN.load(SeqCst), 0, "a signal for the others");
    tell(end);
    wait_for(libc::SIGQUIT);
    tell(libc::SIGQUIT);
    wait_for(libc::SIGHUP);
    tell(libc::SIGHUP);
    assert_eq!(end_of(old), FINE);
}
