// SPDX-License-Identifier: GPL-2.0

//! Fact: a real-time program comes back with its priority, and with the nice value and the timer
//! slack that it has when it is an ordinary one again.
//!
//! Could break: the kernel sets the slack of real-time programs to zero and does not look at nice.

use ckpt_support::{checkpoint_here, must, same};

use super::scheduled::{be_ordinary, get, set, Attributes};

fn slack() -> i32 {
    // SAFETY: takes no pointer.
    unsafe { libc::prctl(libc::PR_GET_TIMERSLACK, 0, 0, 0, 0) }
}

pub fn run() {
    // SAFETY: takes no pointer.
    must("setpriority", unsafe {
        libc::setpriority(libc::PRIO_PROCESS, 0, 7)
    });
    let ordinary = (get().nice, slack());
    set(Attributes {
        policy: libc::SCHED_RR as u32,
        priority: 3,
        ..Attributes::default()
    });
    let before = (get(), slack());
    same("slack of a real-time program", &0, &before.1);
    checkpoint_here();
    same("attributes", &before, &(get(), slack()));
    be_ordinary();
    same("ordinary again", &ordinary, &(get().nice, slack()));
}
