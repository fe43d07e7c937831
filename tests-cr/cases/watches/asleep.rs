// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in a read until something happens goes on sleeping until it does; and whom the
//! instance signals is signalled then.
//!
//! Could break: the restart itself wakes him.

use std::fs;
use std::sync::atomic::AtomicI32;
use std::sync::atomic::Ordering::SeqCst;

use ckpt_support::pipes::{read, set_flags};
use ckpt_support::signals::handle;
use ckpt_support::{must, ready_inside_until_signal, same, wait_for_go};
use libc::{IN_ALL_EVENTS, IN_CREATE};

use super::watching::{watch, watcher};

static TOLD: AtomicI32 = AtomicI32::new(0);

extern "C" fn told(_: i32) {
    TOLD.fetch_add(1, SeqCst);
}

extern "C" fn make(_: i32) {
    // SAFETY: the path is a C string.
    unsafe { libc::mkdir(c"place/new".as_ptr(), 0o700) };
}

pub fn run() {
    fs::create_dir("place").expect("a directory");
    let _open = fs::File::open("place").expect("a directory");
    let fd = watcher(0);
    let number = watch(fd, "place", IN_ALL_EVENTS);
    handle(libc::SIGIO, libc::SA_RESTART, told);
    handle(libc::SIGUSR1, libc::SA_RESTART, make);
    // SAFETY: takes no pointer.
    must("F_SETOWN", unsafe {
        libc::fcntl(fd, libc::F_SETOWN, libc::getpid())
    });
    set_flags(fd, libc::O_ASYNC);
    ready_inside_until_signal(libc::SYS_read, libc::SIGUSR1);
    let mut wanted = Vec::new();
    for word in [number as u32, IN_CREATE | libc::IN_ISDIR, 0, 16] {
        wanted.extend(word.to_ne_bytes());
    }
    wanted.extend(*b"new\0\0\0\0\0\0\0\0\0\0\0\0\0");
    same("read", &Ok(wanted), &read(fd, 1000));
    same("signals", &1, &TOLD.load(SeqCst));
    wait_for_go();
}
