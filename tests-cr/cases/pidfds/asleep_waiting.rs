// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in waitid(P_PIDFD) wakes when that child ends, and not when another does.
//!
//! Could break: the call is made again with a descriptor that means something else.

use ckpt_support::pidfds::{exit_code, open};
use ckpt_support::{raw, ready_inside, same, wait_for_go};

use crate::tasks::relatives::{child, end_of, FINE};

pub fn run() {
    let other = child(|| 1);
    let pid = child(|| {
        wait_for_go();
        FINE
    });
    let fd = open(pid, 0);
    ready_inside(libc::SYS_waitid);
    let kind = libc::P_PIDFD as usize;
    let result = raw(libc::SYS_waitid, &[kind, fd as usize, 0, libc::WEXITED as usize, 0]);
    same("waitid", &0, &result);
    same("its end", &Some(FINE << 8), &exit_code(fd));
    same("the other", &1, &end_of(other));
}
