// SPDX-License-Identifier: GPL-2.0

//! Fact: the personality comes back.
//!
//! Could break: it changes how execve and mmap work, so it must not be set while restoring.

use ckpt_support::{checkpoint_here, must, same};

const QUERY: libc::c_ulong = 0xffff_ffff;

pub fn run() {
    let wanted = libc::ADDR_NO_RANDOMIZE | libc::UNAME26 | libc::READ_IMPLIES_EXEC;
    // SAFETY: take no pointer.
    unsafe {
        must("personality", libc::personality(wanted as libc::c_ulong));
        checkpoint_here();
        same("personality", &wanted, &libc::personality(QUERY));
    }
}
