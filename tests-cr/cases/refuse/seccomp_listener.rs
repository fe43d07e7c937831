// SPDX-License-Identifier: GPL-2.0

//! Fact: a task with a filter that somebody listens to is refused.
//!
//! Could break: the one who answers may be anybody; without an answer the program would hang.

use ckpt_support::{checkpoint_here, expect_refusal, expect_refusal_of_fd};

use crate::identity::confined::install;

pub fn run() {
    let flags = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER;
    let listener = install(libc::SYS_getppid, libc::SECCOMP_RET_USER_NOTIF, flags);
    expect_refusal("TaskFeature", "listener");
    expect_refusal_of_fd("FileKind", listener as i32, "seccomp");
    checkpoint_here();
}
