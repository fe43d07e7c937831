// SPDX-License-Identifier: GPL-2.0

//! Fact: extended attributes of a process, which setxattr(2) attaches by way of a pidfd, are refused.
//!
//! Could break: nobody looks for them where no file is.

use ckpt_support::pidfds::open;
use ckpt_support::{checkpoint_here, expect_refusal, expect_refusal_of_fd, must, same};

use crate::tasks::relatives::{child, end_of};

fn attach(fd: i32) {
    // SAFETY: a name, and one byte.
    must("fsetxattr", unsafe {
        libc::fsetxattr(fd, c"trusted.note".as_ptr(), c"x".as_ptr().cast(), 1, 0)
    });
}

pub fn run() {
    // SAFETY: takes no address.
    let own = open(unsafe { libc::getpid() }, 0);
    attach(own);
    // SAFETY: takes no address.
    unsafe { libc::close(own) };
    let pid = child(|| 0);
    let fd = open(pid, 0);
    attach(fd);
    same("its end", &0, &end_of(pid));
    expect_refusal("TaskFeature", "pidfd");
    expect_refusal_of_fd("PidfdTarget", fd, "attributes");
    checkpoint_here();
}
