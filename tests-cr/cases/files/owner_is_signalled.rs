// SPDX-License-Identifier: GPL-2.0

//! Fact: whom a file signals (F_SETOWN, F_SETOWN_EX), with which signal (F_SETSIG), and as whom
//! (F_GETOWNER_UIDS) comes back, and it does signal.
//!
//! Could break: the owner is a pid in the kernel, of one of three kinds, and the ids are those of
//! whoever set it.

use std::fs::File;
use std::os::fd::{AsRawFd, RawFd};

use ckpt_support::{checkpoint_here, file_with, must, same};

const F_SETSIG: i32 = 10;
const F_GETSIG: i32 = 11;
const F_SETOWN_EX: i32 = 15;
const F_GETOWN_EX: i32 = 16;
const F_GETOWNER_UIDS: i32 = 17;
const F_OWNER_TID: i32 = 0;
const F_OWNER_PGRP: i32 = 2;
const DN_CREATE: i32 = 4;

fn fcntl(fd: RawFd, command: i32, argument: i32) -> i32 {
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, command, argument) })
}

/// Everything that fcntl tells of an owner: pid, kind and pid, uids, signal.
fn owner(fd: RawFd) -> (i32, [i32; 2], [u32; 2], i32) {
    let (mut exactly, mut ids) = ([0; 2], [7; 2]);
    // SAFETY: both calls fill two numbers.
    unsafe {
        must("F_GETOWN_EX", libc::fcntl(fd, F_GETOWN_EX, &raw mut exactly));
        must("UIDS", libc::fcntl(fd, F_GETOWNER_UIDS, &raw mut ids));
        let pid = libc::fcntl(fd, libc::F_GETOWN);
        (pid, exactly, ids, fcntl(fd, F_GETSIG, 0))
    }
}

pub fn run() {
    // SAFETY: take no pointer.
    let (pid, group) = unsafe { (libc::getpid(), libc::getpgrp()) };
    let files = ["process", "thread", "group", "signal", "none"].map(|name| file_with(name, b""));
    let [process, thread, pgrp, signal, _] = files.each_ref().map(AsRawFd::as_raw_fd);
    let directory = File::open(".").expect("open");
    let signals = directory.as_raw_fd();

    fcntl(process, libc::F_SETOWN, pid);
    for (fd, exactly) in [(thread, [F_OWNER_TID, pid]), (pgrp, [F_OWNER_PGRP, group])] {
        // SAFETY: reads two numbers.
        must("F_SETOWN_EX", unsafe {
            libc::fcntl(fd, F_SETOWN_EX, &raw const exactly)
        });
    }
    fcntl(signal, F_SETSIG, libc::SIGRTMAX());
    // The owner is who it was set to, as who set it: another user, by now.
    // SAFETY: take no pointer.
    unsafe {
        must("seteuid", libc::seteuid(1234));
        fcntl(signals, libc::F_SETOWN, pid);
        must("seteuid", libc::seteuid(0));
    }
    fcntl(signals, F_SETSIG, libc::SIGRTMIN() + 3);
    let all = || {
        let files = files.each_ref().map(|file| owner(file.as_raw_fd()));
        (files, owner(signals))
    };
    let before = all();

    checkpoint_here();

    same("owners", &before, &all());
    // SAFETY: a set of signals of our own, and one siginfo.
    unsafe {
        let mut set = std::mem::zeroed();
        let mut info: libc::siginfo_t = std::mem::zeroed();
        libc::sigemptyset(&mut set);
        libc::sigaddset(&mut set, libc::SIGRTMIN() + 3);
        libc::sigprocmask(libc::SIG_BLOCK, &set, std::ptr::null_mut());
        fcntl(signals, libc::F_NOTIFY, DN_CREATE);
        drop(file_with("new", b""));
        let limit = libc::timespec {
            tv_sec: 200,
            tv_nsec: 0,
        };
        let got = must("sigtimedwait", libc::sigtimedwait(&set, &mut info, &limit));
        same("signal", &(libc::SIGRTMIN() + 3), &got);
    }
}
