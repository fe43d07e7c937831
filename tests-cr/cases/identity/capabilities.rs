// SPDX-License-Identifier: GPL-2.0

//! Fact: what a capability allows is allowed after a restart, and what a dropped one forbids is
//! forbidden, although the restarter has them all.
//!
//! Could break: a restored task that keeps its restarter's rights.

use ckpt_support::{checkpoint_here, errno, must, raw, same};

const VERSION_3: u32 = 0x2008_0522;
const CAP_CHOWN: u32 = 0;
const CAP_SYS_NICE: u32 = 23;

/// Leaves only these capabilities, permitted and effective.
fn keep(capabilities: u64) {
    let header = [VERSION_3, 0];
    let (low, high) = (capabilities as u32, (capabilities >> 32) as u32);
    let data = [low, low, 0, high, high, 0];
    let call = [header.as_ptr() as usize, data.as_ptr() as usize];
    must("capset", raw(libc::SYS_capset, &call));
}

pub fn run() {
    drop(ckpt_support::file_with("file", b""));
    keep(1 << CAP_SYS_NICE);
    checkpoint_here();
    // SAFETY: take no pointer, or a C string.
    unsafe {
        same(
            "higher priority",
            &0,
            &libc::setpriority(libc::PRIO_PROCESS, 0, -5),
        );
        let result = libc::chown(c"file".as_ptr(), 1, 1);
        same("chown", &(-1, libc::EPERM), &(result, errno()));
    }
    // Nothing that was dropped can be taken back.
    let header = [VERSION_3, 0];
    let data = [1u32 << CAP_CHOWN, 1 << CAP_CHOWN, 0, 0, 0, 0];
    let call = [header.as_ptr() as usize, data.as_ptr() as usize];
    same("capset", &-1, &raw(libc::SYS_capset, &call));
}
