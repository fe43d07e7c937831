// SPDX-License-Identifier: GPL-2.0

//! Fact: an epoll that looks at a signalfd is woken by the signals of the process that added it, also
//! if a relative waits for it; and tells whoever asks of his own.
//!
//! Could break: adding it again would wait for the signals of whoever does that.

use ckpt_support::signals::{bit, set_blocked};
use ckpt_support::{checkpoint_here, same};

use super::tools::{epoll, next_signal, queue, ready_in, signalfd, watch, EDGE, IN};
use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};

pub fn run() {
    set_blocked(bit(libc::SIGUSR1));
    let fd = signalfd(-1, bit(libc::SIGUSR1), libc::SFD_NONBLOCK);
    let (mine, its, both, of_dead) = (epoll(), epoll(), epoll(), epoll());
    watch(mine, fd, IN | EDGE, 1);
    watch(both, fd, IN, 3);
    let (step, done) = (shared_word(), shared_word());
    let relative = child(|| {
        watch(its, fd, IN | EDGE, 2);
        done.store(1, std::sync::atomic::Ordering::SeqCst);
        // The signal of the other does not concern it.
        wait_until(step, 1);
        let mut fine = ready_in(its, 1).is_empty() && next_signal(fd).is_err();
        done.store(2, std::sync::atomic::Ordering::SeqCst);
        // Its own is on no list but its own.
        wait_until(step, 2);
        fine &= ready_in(mine, 1).is_empty();
        fine &= ready_in(its, 1) == [2];
        fine &= next_signal(fd).is_ok();
        done.store(3, std::sync::atomic::Ordering::SeqCst);
        if fine {
            FINE
        } else {
            1
        }
    });
    wait_until(done, 1);
    let dead = child(|| {
        watch(of_dead, fd, IN, 4);
        FINE
    });
    same("dead", &FINE, &end_of(dead));
    // Its end has put that on the list.
    same("no signal", &Vec::new(), &ready_in(of_dead, 1));

    checkpoint_here();

    // SAFETY: takes nothing.
    queue(unsafe { libc::getpid() }, libc::SIGUSR1, 1);
    step.store(1, std::sync::atomic::Ordering::SeqCst);
    wait_until(done, 2);
    same("not of the other", &Vec::new(), &ready_in(its, 1));
    same("mine", &vec![1], &ready_in(mine, 1));
    same("mine in both", &vec![3], &ready_in(both, 1));
    same("nobody's", &Vec::new(), &ready_in(of_dead, 1));
    same("the signal", &true, &next_signal(fd).is_ok());
    queue(relative, libc::SIGUSR1, 2);
    step.store(2, std::sync::atomic::Ordering::SeqCst);
    wait_until(done, 3);
    same("not mine", &Vec::new(), &ready_in(mine, 1));
    same("child", &FINE, &end_of(relative));
}
