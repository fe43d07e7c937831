// SPDX-License-Identifier: GPL-2.0

//! Fact: a pidfd for a thread stands for that thread; one of a thread that has ended tells so.
//!
//! Could break: it stands for the process.

use std::sync::mpsc;

use ckpt_support::pidfds::{events, exit_code, number, open, send, THREAD};
use ckpt_support::pipes::flags;
use ckpt_support::signals::{bit, set_blocked};
use ckpt_support::{check, checkpoint_here, same, wait_for_go};

use crate::tasks::relatives::thread_number;

/// Waits a second for a signal of this thread.
fn gets(signal: i32) -> bool {
    let set = bit(signal);
    let second = [1i64, 0];
    let call = [&raw const set as usize, 0, second.as_ptr() as usize, 8];
    ckpt_support::raw(libc::SYS_rt_sigtimedwait, &call) == i64::from(signal)
}

pub fn run() {
    set_blocked(bit(libc::SIGUSR1));
    let (tell, told) = mpsc::channel();
    let ended = std::thread::spawn({
        let tell = tell.clone();
        move || {
            tell.send(open(thread_number() as i32, THREAD)).expect("a listener");
        }
    });
    let to_ended = told.recv().expect("a descriptor");
    ended.join().expect("an end");
    let thread = std::thread::spawn(move || {
        tell.send(open(thread_number() as i32, THREAD)).expect("a listener");
        wait_for_go();
        gets(libc::SIGUSR1)
    });
    let to_thread = told.recv().expect("a descriptor");
    while exit_code(to_ended).is_none() {
        std::thread::yield_now();
    }
    let all = [to_ended, to_thread];
    let look = |fd| (events(fd), number(fd), exit_code(fd), flags(fd));
    let before = all.map(look);
    checkpoint_here();
    same("as they were", &before, &all.map(look));
    same("nobody", &libc::ESRCH, &send(to_ended, 0));
    check(flags(to_thread) & THREAD != 0, "it is for a thread");
    same("signal", &0, &send(to_thread, libc::SIGUSR1));
    check(thread.join().expect("an end"), "the thread got it");
    while exit_code(to_thread).is_none() {
        std::thread::yield_now();
    }
    same("gone", &(libc::POLLIN | libc::POLLHUP), &events(to_thread));
}
