// SPDX-License-Identifier: GPL-2.0

//! Fact: queues of another user come back as that user's: owner, group, and as whose they count
//! (RLIMIT_MSGQUEUE).
//!
//! Could break: they would be the restarter's, and count as his.

use std::ffi::CString;

use ckpt_support::{checkpoint_here, must, same};

use super::{close, make, name, open, some_user, stat_text, try_open, unlink};
use crate::tasks::relatives::{child, end_of};

/// What a queue of ten messages of 1000 bytes takes: they, and what is around them.
const LIMIT: u64 = 16 * 1024;

fn become_user(user: u32) {
    // SAFETY: the limit is there; the others take no pointer.
    unsafe {
        let limit = libc::rlimit {
            rlim_cur: LIMIT,
            rlim_max: LIMIT,
        };
        must("setrlimit", libc::setrlimit(libc::RLIMIT_MSGQUEUE, &limit));
        must("setresgid", libc::setresgid(user, user, user));
        must("setresuid", libc::setresuid(user, user, user));
    }
}

fn make_or_not(name: &CString) -> i32 {
    // SAFETY: zeros are a value, and a C string.
    unsafe {
        let mut attr: libc::mq_attr = std::mem::zeroed();
        attr.mq_maxmsg = 10;
        attr.mq_msgsize = 1000;
        let flags = libc::O_CREAT | libc::O_EXCL | libc::O_RDWR;
        match libc::mq_open(name.as_ptr(), flags, 0o600, &raw mut attr) {
            -1 => ckpt_support::errno(),
            _ => 0,
        }
    }
}

pub fn run() {
    let user = some_user();
    let [theirs, given, more] = [name("theirs"), name("given"), name("more")];
    let made = child(|| {
        become_user(user);
        make_or_not(&theirs)
    });
    same("made", &0, &end_of(made));
    let queue = open(&theirs, libc::O_RDWR);
    // Given away, but it counts as ours.
    let ours = make(&given, libc::O_RDWR, 10, 1000);
    // SAFETY: takes no pointer.
    must("fchown", unsafe { libc::fchown(ours, user, 77) });
    let before = [queue, ours].map(stat_text);
    checkpoint_here();
    same("owners", &before, &[queue, ours].map(stat_text));
    let limited = child(|| {
        become_user(user);
        make_or_not(&more)
    });
    same("counts as theirs", &libc::EMFILE, &end_of(limited));
    close(queue);
    unlink(&theirs);
    let free = child(|| {
        become_user(user);
        make_or_not(&more)
    });
    same("counts no longer", &0, &end_of(free));
    unlink(&more);
    close(ours);
    unlink(&given);
    same("gone", &-libc::ENOENT, &try_open(&given, libc::O_RDWR));
}
