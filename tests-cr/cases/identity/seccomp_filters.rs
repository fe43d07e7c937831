// SPDX-License-Identifier: GPL-2.0

//! Fact: a chain of seccomp filters comes back: each does what it did, the strictest decides, and
//! another one can be added.
//!
//! Could break: they are programs that the kernel has translated, each on top of the one before.

use ckpt_support::{checkpoint_here, raw, same};

use super::confined::{error, error_of, install, signal_of_child};

pub fn run() {
    install(libc::SYS_getppid, error(libc::EDOM), 0);
    install(libc::SYS_getpgrp, error(libc::ERANGE), libc::SECCOMP_FILTER_FLAG_LOG);
    // Two have a say in this call: to end the process is stricter than to fail.
    install(libc::SYS_getuid, error(libc::EXDEV), 0);
    install(libc::SYS_getuid, libc::SECCOMP_RET_KILL_PROCESS, 0);
    checkpoint_here();
    same("getppid", &libc::EDOM, &error_of(libc::SYS_getppid));
    same("getpgrp", &libc::ERANGE, &error_of(libc::SYS_getpgrp));
    same("getuid", &libc::SIGSYS, &signal_of_child(libc::SYS_getuid));
    same("geteuid", &0, &raw(libc::SYS_geteuid, &[]));
    install(libc::SYS_geteuid, error(libc::ENOTTY), 0);
    same("geteuid", &libc::ENOTTY, &error_of(libc::SYS_geteuid));
    same("a child's", &0, &signal_of_child(libc::SYS_getgid));
}
