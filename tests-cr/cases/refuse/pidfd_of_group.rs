// SPDX-License-Identifier: GPL-2.0

//! Fact: a pidfd of a process that was reaped is refused while a group goes by its number.
//!
//! Could break: the pid comes back twice.

use ckpt_support::pidfds::open;
use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must, same, wait_for_go};

use crate::tasks::relatives::{child, end_of, FINE};

pub fn run() {
    let leader = child(|| {
        // SAFETY: takes no address.
        must("setpgid", unsafe { libc::setpgid(0, 0) });
        0
    });
    let fd = open(leader, 0);
    // SAFETY: takes no address; the leader waits to be waited for.
    unsafe {
        let mut info = std::mem::zeroed();
        libc::waitid(libc::P_PID, leader as u32, &mut info, libc::WEXITED | libc::WNOWAIT);
    }
    let member = child(|| {
        wait_for_go();
        FINE
    });
    // SAFETY: takes no address.
    must("setpgid", unsafe { libc::setpgid(member, leader) });
    same("its end", &0, &end_of(leader));
    expect_refusal_of_fd("PidfdTarget", fd, "group");
    checkpoint_here();
    same("the member", &FINE, &end_of(member));
}
