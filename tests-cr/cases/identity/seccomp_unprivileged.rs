// SPDX-License-Identifier: GPL-2.0

//! Fact: an ordinary user's program with "no new privileges" and a filter comes back so.
//!
//! Could break: without privileges the filter needs the other one, and neither can be taken back.

use ckpt_support::{checkpoint_here, must, same};

use super::confined::{error, error_of, install};

pub fn run() {
    // SAFETY: the list is empty; the others take no pointer.
    unsafe {
        must("setgroups", libc::setgroups(0, std::ptr::null()));
        must("setresgid", libc::setresgid(1000, 1000, 1000));
        must("setresuid", libc::setresuid(1000, 1000, 1000));
        let (dumpable, no_new_privs) = (libc::PR_SET_DUMPABLE, libc::PR_SET_NO_NEW_PRIVS);
        must("PR_SET_DUMPABLE", libc::prctl(dumpable, 1, 0, 0, 0));
        must("PR_SET_NO_NEW_PRIVS", libc::prctl(no_new_privs, 1, 0, 0, 0));
    }
    install(libc::SYS_getppid, error(libc::EDOM), 0);
    checkpoint_here();
    same("getppid", &libc::EDOM, &error_of(libc::SYS_getppid));
    same("no new privileges", &1, &unsafe {
        // SAFETY: takes no pointer.
        libc::prctl(libc::PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
    });
}
