// SPDX-License-Identifier: GPL-2.0

//! Fact: a file that signals a process which has ended signals nobody after the restart, although the
//! number of that process is still that of a group with somebody in it; nor does one that signals a
//! group which all have left, whose number is still that of a process.
//!
//! Could break: the number is known, and taken for somebody who bears it in that way.

use std::os::fd::AsRawFd;
use std::sync::atomic::Ordering::SeqCst;

use ckpt_support::{checkpoint_here, file_with, must, same, wait_for_go};

use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};

/// As F_SETOWN takes it: below zero, a group.
fn set_owner(fd: i32, owner: i32) {
    // SAFETY: takes no pointer.
    must("F_SETOWN", unsafe { libc::fcntl(fd, libc::F_SETOWN, owner) });
}

fn owner(fd: i32) -> i32 {
    // SAFETY: takes no pointer.
    unsafe { libc::fcntl(fd, libc::F_GETOWN) }
}

fn set_group(group: i32) {
    // SAFETY: takes no pointer.
    must("setpgid", unsafe { libc::setpgid(0, group) });
}

/// Its leader has ended, and signalled itself.
fn without_leader(there: &std::sync::atomic::AtomicU32) -> i32 {
    let file = file_with("of-leader", b"");
    let fd = file.as_raw_fd();
    let leader = child(|| {
        set_group(0);
        // SAFETY: takes no pointer.
        set_owner(fd, unsafe { libc::getpid() });
        let other = child(|| {
            // SAFETY: takes no pointer.
            while unsafe { libc::getppid() } != there.load(SeqCst) as i32 {
                std::thread::yield_now();
            }
            there.store(1, SeqCst);
            wait_for_go();
            same("owner", &0, &owner(fd));
            FINE
        });
        // It is heard of by its number, which ours is not.
        std::fs::write("other", other.to_string()).expect("write");
        FINE
    });
    // SAFETY: takes no pointer.
    there.store(unsafe { libc::getpid() } as u32, SeqCst);
    end_of(leader);
    std::fs::read_to_string("other").expect("read").parse().expect("a number")
}

pub fn run() {
    const SUBREAPER: i32 = libc::PR_SET_CHILD_SUBREAPER;
    // SAFETY: takes no pointer.
    must("PR_SET_CHILD_SUBREAPER", unsafe { libc::prctl(SUBREAPER, 1, 0, 0, 0) });
    let (there, left) = (shared_word(), shared_word());
    let other = without_leader(there);
    let leaver = child(|| {
        // SAFETY: takes no pointer.
        let (own, group) = unsafe { (libc::getpid(), libc::getpgid(0)) };
        let file = file_with("of-group", b"");
        set_group(0);
        set_owner(file.as_raw_fd(), -own);
        set_group(group);
        left.store(1, SeqCst);
        wait_for_go();
        same("owner", &0, &owner(file.as_raw_fd()));
        FINE
    });
    while there.load(SeqCst) != 1 {
        std::thread::yield_now();
    }
    wait_until(left, 1);
    checkpoint_here();
    same("in the group", &FINE, &end_of(other));
    same("out of the group", &FINE, &end_of(leaver));
}
