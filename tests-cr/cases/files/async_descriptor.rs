// SPDX-License-Identifier: GPL-2.0

//! Fact: a signal of O_ASYNC names the descriptor that it was set by (si_fd), also if that is not the
//! lowest one of the file, is closed meanwhile, or the file is only on its way through a socket.
//!
//! Could break: no call tells the number.

use std::os::fd::RawFd;

use ckpt_support::pipes::{close, flags, pipe, set_flags, write};
use ckpt_support::unix::{pair, receive_message, send_files};
use ckpt_support::{checkpoint_here, must, same};

const F_SETSIG: i32 = 10;

/// Has a file signal this process, by way of that descriptor.
fn signal_by(file: RawFd, number: RawFd) {
    // SAFETY: take no pointer.
    unsafe {
        must("dup2", libc::dup2(file, number));
        must("F_SETSIG", libc::fcntl(number, F_SETSIG, libc::SIGRTMIN() + 2));
        must("F_SETOWN", libc::fcntl(number, libc::F_SETOWN, libc::getpid()));
    }
    set_flags(number, libc::O_ASYNC | libc::O_NONBLOCK);
}

/// The descriptor that the next signal names.
fn next() -> i32 {
    // SAFETY: a set of signals of our own, and one siginfo.
    unsafe {
        let mut set = std::mem::zeroed();
        let mut info = [0i32; 32];
        libc::sigemptyset(&mut set);
        libc::sigaddset(&mut set, libc::SIGRTMIN() + 2);
        let limit = libc::timespec { tv_sec: 200, tv_nsec: 0 };
        must("sigtimedwait", libc::sigtimedwait(&set, info.as_mut_ptr().cast(), &limit));
        // Behind the three numbers of every signal, and the band.
        info[6]
    }
}

pub fn run() {
    // SAFETY: a set of signals of our own.
    unsafe {
        let mut set = std::mem::zeroed();
        libc::sigemptyset(&mut set);
        libc::sigaddset(&mut set, libc::SIGRTMIN() + 2);
        libc::sigprocmask(libc::SIG_BLOCK, &set, std::ptr::null_mut());
    }
    let [reader, writer] = pipe(0);
    signal_by(reader, 50);
    let [one, other] = pair(libc::SOCK_STREAM);
    signal_by(one, 60);
    // Closed, it is the number still.
    close(&[60]);
    let [sent, to_sent] = pipe(0);
    signal_by(sent, 70);
    let carrier = pair(libc::SOCK_STREAM);
    send_files(carrier[0], b"x", &[sent]).expect("send");
    close(&[sent, 70]);
    // SAFETY: takes no pointer.
    let watcher = must("inotify", unsafe { libc::inotify_init1(0) });
    signal_by(watcher, 80);
    std::fs::create_dir_all("watched").expect("mkdir");
    // SAFETY: the path is a C string.
    must("watch", unsafe {
        libc::inotify_add_watch(watcher, c"watched".as_ptr(), libc::IN_CREATE)
    });

    checkpoint_here();

    write(writer, b"a").expect("write");
    same("a pipe", &50, &next());
    write(other, b"b").expect("write");
    same("a socket", &60, &next());
    write(to_sent, b"c").expect("write");
    same("on its way", &70, &next());
    std::fs::write("watched/new", b"").expect("write");
    same("a watcher", &80, &next());
    let got = receive_message(carrier[1], 1, 0).expect("receive");
    same("O_ASYNC", &libc::O_ASYNC, &(flags(got.files[0]) & libc::O_ASYNC));
}
