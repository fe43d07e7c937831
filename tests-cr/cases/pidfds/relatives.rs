// SPDX-License-Identifier: GPL-2.0

//! Fact: pidfds stand for the same relatives as before, and for oneself; what was one open file is one.
//!
//! Could break: they stand for whoever bears the number now, or for a copy.

use ckpt_support::pidfds::{are_one, events, info, number, open, send, wait};
use ckpt_support::pipes::{flags, set_flags};
use ckpt_support::{check, checkpoint_here, must, same, wait_for_go};

use crate::tasks::relatives::{child, FINE};

pub fn run() {
    // SAFETY: takes no address.
    let own = unsafe { libc::getpid() };
    let to_self = open(own, 0);
    let sleeper = child(|| loop {
        // SAFETY: takes no address.
        unsafe { libc::pause() };
    });
    let to_sleeper = open(sleeper, 0);
    // SAFETY: takes no address.
    let copy = must("dup", unsafe { libc::dup(to_sleeper) });
    let another = open(sleeper, libc::O_NONBLOCK);
    let sibling = child(|| {
        wait_for_go();
        let is_fine = send(to_self, 0) == 0
            && events(to_sleeper) == 0
            && wait(to_sleeper, libc::WEXITED) == -libc::ECHILD
            && info(to_sleeper).is_ok();
        set_flags(to_sleeper, libc::O_RDWR | libc::O_NONBLOCK);
        if is_fine {
            FINE
        } else {
            1
        }
    });
    let to_sibling = open(sibling, 0);
    let all = [to_self, to_sleeper, copy, another, to_sibling];
    let before = all.map(|fd| (number(fd), info(fd).map(|info| info.cgroup)));
    checkpoint_here();
    for (fd, before) in all.into_iter().zip(&before) {
        same("number", &before.0, &number(fd));
    }
    same("sibling", &FINE, &wait(to_sibling, libc::WEXITED));
    check(flags(copy) & libc::O_NONBLOCK != 0, "one open file is one");
    check(are_one(to_sleeper, another), "two are of the same process");
    check(!are_one(to_sleeper, to_self), "and two are not");
    check(flags(another) & libc::O_NONBLOCK != 0, "its flags");
    same("not ended", &-libc::EAGAIN, &wait(another, libc::WEXITED));
    same("signal", &0, &send(another, libc::SIGKILL));
    set_flags(to_sleeper, libc::O_RDWR);
    same("its end", &libc::SIGKILL, &wait(to_sleeper, libc::WEXITED));
    same("reaped", &libc::ESRCH, &send(copy, 0));
    same("oneself", &0, &send(to_self, 0));
}
