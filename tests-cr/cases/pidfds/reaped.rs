// SPDX-License-Identifier: GPL-2.0

//! Fact: a pidfd of a process that was reaped tells how that ended, and nothing else can be done
//! with it.
//!
//! Could break: it stands for whoever got the number; it has forgotten.

use ckpt_support::pidfds::{are_one, events, exit_code, info, number, open, send, wait};
use ckpt_support::{check, checkpoint_here, must, same};

use crate::tasks::relatives::{child, end_of};

pub fn run() {
    let worker = child(|| 7);
    let to_worker = [open(worker, 0), open(worker, libc::O_NONBLOCK)];
    let killed = child(|| loop {
        // SAFETY: takes no address.
        unsafe { libc::pause() };
    });
    let to_killed = open(killed, 0);
    same("signal", &0, &send(to_killed, libc::SIGTERM));
    same("ends", &(7, -libc::SIGTERM), &(end_of(worker), end_of(killed)));
    // SAFETY: takes no address.
    let to_self = open(unsafe { libc::getpid() }, 0);
    let look = || {
        same("code", &Some(7 << 8), &exit_code(to_worker[0]));
        same("by a signal", &Some(libc::SIGTERM), &exit_code(to_killed));
        same("number", &"Pid:\t-1 NSpid:\t-1".to_owned(), &number(to_killed));
        same("nobody", &libc::ESRCH, &send(to_worker[1], 0));
        same("no child", &-libc::ECHILD, &wait(to_worker[1], libc::WEXITED));
        let gone = libc::POLLIN | libc::POLLHUP;
        same("poll", &gone, &events(to_worker[1]));
        let cgroup = |fd| info(fd).map(|info| info.cgroup);
        same("cgroup", &cgroup(to_self), &cgroup(to_killed));
        check(are_one(to_worker[0], to_worker[1]), "the same process");
        check(!are_one(to_worker[0], to_killed), "another process");
    };
    look();
    checkpoint_here();
    look();
    // SAFETY: takes no address.
    must("close", unsafe { libc::close(to_worker[0]) });
    same("the other", &Some(7 << 8), &exit_code(to_worker[1]));
}
