// SPDX-License-Identifier: GPL-2.0

//! Fact: an event that nobody has read so far tells who has done it by number, also when that process
//! has ended, and its number is still that of a group with somebody in it.
//!
//! Could break: the number is known, and taken for that of a process.

use std::fs;

use ckpt_support::{checkpoint_here, must, same, wait_for_go};

use super::marking::{add, group, told};
use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};

pub fn run() {
    const SUBREAPER: i32 = libc::PR_SET_CHILD_SUBREAPER;
    // SAFETY: takes no pointer.
    must("PR_SET_CHILD_SUBREAPER", unsafe { libc::prctl(SUBREAPER, 1, 0, 0, 0) });
    fs::create_dir("place").expect("a directory");
    let fd = group(libc::FAN_CLASS_NOTIF | libc::FAN_REPORT_DFID_NAME, 0);
    add(fd, libc::FAN_CREATE, "place");
    let there = shared_word();
    let leader = child(|| {
        // SAFETY: takes no pointer.
        must("setpgid", unsafe { libc::setpgid(0, 0) });
        fs::write("place/new", b"").expect("a file");
        child(|| {
            // SAFETY: takes no pointer.
            there.store(unsafe { libc::getpid() } as u32, std::sync::atomic::Ordering::SeqCst);
            wait_for_go();
            FINE
        });
        0
    });
    end_of(leader);
    wait_until(there, 1);
    checkpoint_here();
    let pids: Vec<i32> = told(fd).iter().map(|told| told.pid).collect();
    same("who has made it", &vec![leader], &pids);
    let other = there.load(std::sync::atomic::Ordering::SeqCst) as i32;
    same("in the group", &FINE, &end_of(other));
}
