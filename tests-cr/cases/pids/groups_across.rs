// SPDX-License-Identifier: GPL-2.0

//! Fact: process groups and sessions reach into namespaces: a group led outside, which nobody inside
//! can name; one led inside, with a member outside.
//!
//! Could break: setpgid(2) cannot bring a process into a group that it cannot name.

use ckpt_support::{checkpoint_here, must, same, wait_for_go};
use std::sync::atomic::Ordering::SeqCst;

use super::inside::{first, ids, wait_as_we_are};
use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};

fn set_group(pid: i32, group: i32) {
    // SAFETY: takes no address.
    must("setpgid", unsafe { libc::setpgid(pid, group) });
}

pub fn run() {
    let word = shared_word();
    let waiter = || wait_as_we_are(word);
    let leader = child(|| {
        set_group(0, 0);
        waiter()
    });
    wait_until(word, 1);
    // Born into a group that is led outside, and so is what it makes.
    let member = child(|| {
        set_group(0, leader);
        let inner = first(|| {
            let leaf = child(waiter);
            let before = ids();
            word.fetch_add(1, SeqCst);
            wait_for_go();
            let fine = ids() == before && before[2..] == [0, 0];
            if fine && end_of(leaf) == FINE { FINE } else { 1 }
        });
        let code = waiter();
        if end_of(inner) == FINE { code } else { 1 }
    });
    wait_until(word, 4);
    // Brought into it by its parent, outside.
    let brought = first(waiter);
    set_group(brought, leader);
    wait_until(word, 5);
    // Leads one, and a session of its own is further inside.
    let inside = first(|| {
        set_group(0, 0);
        let session = child(|| {
            // SAFETY: takes no address.
            must("setsid", unsafe { libc::setsid() });
            waiter()
        });
        let code = waiter();
        if end_of(session) == FINE { code } else { 1 }
    });
    wait_until(word, 7);
    let guest = child(|| {
        set_group(0, inside);
        waiter()
    });
    wait_until(word, 8);
    // SAFETY: takes no address.
    let groups = || [leader, member, brought, inside, guest].map(|pid| unsafe { libc::getpgid(pid) });
    let before = groups();
    same("groups", &[leader, leader, leader, inside, inside], &before);
    checkpoint_here();
    same("groups", &before, &groups());
    for pid in [leader, member, brought, guest, inside] {
        same("a process", &FINE, &end_of(pid));
    }
}
