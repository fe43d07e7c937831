// SPDX-License-Identifier: GPL-2.0

//! Fact: a pidfd of a process that was reaped is refused while a session goes by its number.
//!
//! Could break: it tells how whoever stood in for it has ended.

use ckpt_support::pidfds::open;
use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must, same, wait_for_go};

use crate::tasks::relatives::{child, end_of};

pub fn run() {
    let leader = child(|| {
        // SAFETY: takes no address.
        must("setsid", unsafe { libc::setsid() });
        child(|| {
            wait_for_go();
            0
        });
        9
    });
    let fd = open(leader, 0);
    same("its end", &9, &end_of(leader));
    expect_refusal_of_fd("PidfdTarget", fd, "session");
    checkpoint_here();
}
