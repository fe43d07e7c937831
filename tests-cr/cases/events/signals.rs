// SPDX-License-Identifier: GPL-2.0

//! Fact: signalfds take the signals that they took, also after they were changed; several of them, and
//! those that a fork shares: who reads gets his own signals, each once, with what came with it.
//!
//! Could break: which signals it takes is in the kernel only.

use ckpt_support::pipes::{events, flags, set_flags};
use ckpt_support::signals::{bit, pending, set_blocked};
use ckpt_support::{are_one_open_file, checkpoint_here, must, same, wait_for_go};

use super::tools::{next_signal, queue, signalfd};
use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};

/// SI_QUEUE.
const QUEUED: i32 = -1;

pub fn run() {
    // SAFETY: takes nothing.
    let own = unsafe { libc::getpid() };
    let [one, two, three] = [libc::SIGUSR1, libc::SIGUSR2, libc::SIGRTMIN()];
    set_blocked(bit(one) | bit(two) | bit(three));
    let nonblock = libc::SFD_NONBLOCK;
    let first = signalfd(-1, bit(one), nonblock);
    let second = signalfd(-1, bit(one), nonblock);
    signalfd(second, bit(two) | bit(three) | bit(libc::SIGKILL), 0);
    let nothing = signalfd(-1, 0, libc::SFD_CLOEXEC);
    set_flags(nothing, libc::O_NONBLOCK | libc::O_APPEND);
    // SAFETY: takes no pointer.
    let again = must("dup", unsafe { libc::dup(first) });
    let before = [first, second, nothing].map(flags);
    let expected = |signal: i32, value: i32| Ok((signal as u32, QUEUED, value, own as u32));

    let has_signal = shared_word();
    let relative = child(|| {
        wait_until(has_signal, 1);
        wait_for_go();
        let found = (next_signal(again), next_signal(first), events(second));
        match found == (expected(one, 30), Err(libc::EAGAIN), 0) {
            true => FINE,
            false => 1,
        }
    });
    queue(own, three, 1);
    queue(own, three, 2);
    queue(own, one, 3);
    queue(relative, one, 30);
    has_signal.store(1, std::sync::atomic::Ordering::SeqCst);

    checkpoint_here();

    same("flags", &before, &[first, second, nothing].map(flags));
    same("one file", &true, &are_one_open_file(first, again));
    same("pending", &(bit(one) | bit(three)), &pending());
    let ready = [first, second, nothing].map(events);
    same("ready", &[libc::POLLIN, libc::POLLIN, 0], &ready);
    same("one", &expected(one, 3), &next_signal(again));
    same("once", &Err(libc::EAGAIN), &next_signal(first));
    same("three", &expected(three, 1), &next_signal(second));
    same("three again", &expected(three, 2), &next_signal(second));
    same("twice", &Err(libc::EAGAIN), &next_signal(second));
    same("nothing", &Err(libc::EAGAIN), &next_signal(nothing));
    queue(own, two, 4);
    same("new", &expected(two, 4), &next_signal(second));
    same("child", &FINE, &end_of(relative));
}
