// SPDX-License-Identifier: GPL-2.0

//! Fact: who is to be told of a message is told, once, by the signal with its value; who has asked for
//! nothing (SIGEV_NONE) keeps others from asking; a signal that was sent waits; who has run another
//! program since is not told, but keeps others from asking too; also one who has ended.
//!
//! Could break: the queue alone knows who has asked, and for what.

use std::sync::atomic::Ordering;

use ckpt_support::signals::{bit, set_blocked};
use ckpt_support::{checkpoint_here, must, same};

use super::{
    ask, ask_no_more, attributes, close, make, name, receive, send, signal_taken, status, unlink,
};
use crate::tasks::relatives::{child, end_of, set, shared_word, sleep_until_set, wait_until};

const WIDE: usize = 0xfedc_ba98_7654_3210;
const SI_MESGQ: i32 = -3;

fn queue(which: &str) -> i32 {
    let name = name(which);
    let queue = make(&name, libc::O_RDWR | libc::O_NONBLOCK, 5, 100);
    unlink(&name);
    queue
}

pub fn run() {
    set_blocked(bit(libc::SIGUSR1) | bit(libc::SIGUSR2) | bit(libc::SIGHUP));
    // SAFETY: takes no pointer.
    let own = unsafe { libc::getpid() };
    let [pending, fired, none, full, others, ended] =
        ["pending", "fired", "none", "full", "others", "ended"].map(queue);
    same("ask", &0, &ask(pending, libc::SIGUSR1, WIDE));
    same("ask", &0, &ask(fired, libc::SIGUSR2, 7));
    same("send", &0, &send(fired, b"x", 0));
    same("ask", &0, &ask(none, 0, 0));
    // One with something in it tells only when it was empty.
    same("send", &0, &send(full, b"was there", 0));
    same("ask", &0, &ask(full, libc::SIGHUP, 9));
    let (word, done) = (shared_word(), shared_word());
    let asks = child(|| {
        let asked = ask(others, libc::SIGUSR1, 11);
        word.store(1, Ordering::Release);
        sleep_until_set(done);
        let (signal, code, value, _) = signal_taken(libc::SIGUSR1);
        i32::from(asked != 0 || (signal, code, value) != (libc::SIGUSR1, SI_MESGQ, 11))
    });
    wait_until(word, 1);
    // Nobody closes it for a process that shares its descriptors.
    // SAFETY: the child only makes system calls, on a copy of this stack; it does not return.
    let left = unsafe {
        let flags = libc::CLONE_FILES | libc::SIGCHLD;
        let left = must(
            "clone",
            libc::syscall(libc::SYS_clone, flags, 0, 0, 0, 0) as i32,
        );
        if left == 0 {
            libc::_exit(ask(ended, libc::SIGUSR1, 0));
        }
        left
    };
    same("asked", &0, &end_of(left));
    let says = |fd| status(fd);
    let all = [pending, fired, none, full, others, ended];
    let before = all.map(says);
    checkpoint_here();
    same("status", &before, &all.map(says));
    for (name, queue) in [("pending", pending), ("none", none), ("ended", ended)] {
        same(name, &libc::EBUSY, &ask(queue, libc::SIGUSR1, 0));
    }
    let taken = signal_taken(libc::SIGUSR2);
    same("fired", &(libc::SIGUSR2, SI_MESGQ, 7, own), &taken);
    same("fired once", &0, &ask(fired, libc::SIGUSR2, 8));
    let expected = (0, 0, 0, 0);
    same("not told yet", &expected, &signal_taken(libc::SIGUSR1));
    same("send", &0, &send(pending, b"y", 3));
    let taken = signal_taken(libc::SIGUSR1);
    same("told", &(libc::SIGUSR1, SI_MESGQ, WIDE, own), &taken);
    same("asked no more", &0, &ask(pending, libc::SIGUSR1, 1));
    same("send", &0, &send(none, b"z", 0));
    same("none asks no more", &0, &ask(none, 0, 0));
    ask_no_more(none);
    same("ask anew", &0, &ask(none, libc::SIGUSR1, 2));
    same("send", &0, &send(full, b"not the first", 0));
    same("still asked", &libc::EBUSY, &ask(full, libc::SIGHUP, 9));
    same("one", &Ok((0, b"was there".to_vec())), &receive(full));
    same("two", &Ok((0, b"not the first".to_vec())), &receive(full));
    same("send", &0, &send(full, b"the first", 0));
    let taken = signal_taken(libc::SIGHUP);
    same("told at last", &(libc::SIGHUP, SI_MESGQ, 9, own), &taken);
    same("send", &0, &send(others, b"to another", 0));
    set(done);
    same("another was told", &0, &end_of(asks));
    same("nobody else", &expected, &signal_taken(libc::SIGUSR1));
    same("one", &1, &attributes(others)[3]);
    all.into_iter().for_each(close);
}
