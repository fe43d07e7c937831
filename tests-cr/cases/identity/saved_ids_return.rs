// SPDX-License-Identifier: GPL-2.0

//! Fact: a program that gave up root for a while (seteuid) can take it back after a restart, and
//! one that gave it up for good cannot.
//!
//! Could break: the saved id and the permitted capabilities must agree with that.

use ckpt_support::{checkpoint_here, must, same};

pub fn run() {
    // SAFETY: take no pointer.
    unsafe {
        must("seteuid", libc::seteuid(1000));
        checkpoint_here();
        same("euid", &1000, &libc::geteuid());
        same("seteuid back", &0, &libc::seteuid(0));
        must("setresuid", libc::setresuid(1000, 1000, 1000));
        same("seteuid to root", &-1, &libc::seteuid(0));
    }
}
