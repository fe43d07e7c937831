// SPDX-License-Identifier: GPL-2.0

//! Fact: a pidfd of a process that was reaped tells how that ended, also while a process group goes by
//! its number.
//!
//! Could break: it tells how whoever stood in for it has ended, or that it is still there.

use ckpt_support::pidfds::{are_one, events, exit_code, open, send};
use ckpt_support::{check, checkpoint_here, must, same, wait_for_go};

use crate::tasks::relatives::{child, end_of, state, FINE};

pub fn run() {
    let leader = child(|| {
        // SAFETY: takes no address.
        must("setpgid", unsafe { libc::setpgid(0, 0) });
        9
    });
    while state(&leader.to_string()) != 'Z' {
        std::thread::yield_now();
    }
    let (to_leader, again) = (open(leader, 0), open(leader, 0));
    let member = child(|| {
        wait_for_go();
        FINE
    });
    // SAFETY: takes no address.
    must("setpgid", unsafe { libc::setpgid(member, leader) });
    same("its end", &9, &end_of(leader));
    let look = |fd| (exit_code(fd), events(fd), send(fd, 0));
    let all = [to_leader, again];
    let before = all.map(look);
    same("code", &Some(9 << 8), &before[0].0);
    checkpoint_here();
    same("as they were", &before, &all.map(look));
    check(are_one(to_leader, again), "one process");
    // SAFETY: takes no address.
    same("the group", &leader, &unsafe { libc::getpgid(member) });
    same("the member", &FINE, &end_of(member));
    same("still", &before, &all.map(look));
}
