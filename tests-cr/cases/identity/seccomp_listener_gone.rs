// SPDX-License-Identifier: GPL-2.0

//! Fact: a filter whose listener has closed its descriptor comes back: its calls fail with ENOSYS.
//!
//! Could break: it has flags that seccomp(2) takes only together with a listener.

use ckpt_support::{checkpoint_here, same};

use super::confined::{error_of, install};

pub fn run() {
    const WAIT_KILLABLE_RECV: u64 = 1 << 5;
    let flags = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER | WAIT_KILLABLE_RECV;
    let listener = install(libc::SYS_getppid, libc::SECCOMP_RET_USER_NOTIF, flags);
    // SAFETY: ours, and closed once.
    unsafe { libc::close(listener as i32) };
    checkpoint_here();
    same("getppid", &libc::ENOSYS, &error_of(libc::SYS_getppid));
}
