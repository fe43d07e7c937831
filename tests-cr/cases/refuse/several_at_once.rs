// SPDX-License-Identifier: GPL-2.0

//! Fact: several obstacles are all named at once.
//!
//! Could break: a checkpoint that stops at the first one makes its user come back for each.

use std::os::fd::AsRawFd;

use ckpt_support::{
    checkpoint_here, expect_refusal, expect_refusal_at, expect_refusal_of_fd, file_with,
    may_also_refuse, must, must_ptr,
};

pub fn run() {
    // SAFETY: takes no pointer.
    let event = must("eventfd", unsafe { libc::eventfd(0, 0) });
    // SAFETY: takes no pointer.
    let watch = must("inotify_init", unsafe { libc::inotify_init() });
    let locked = file_with("locked", b"");
    // SAFETY: takes no pointer.
    must("flock", unsafe { libc::flock(locked.as_raw_fd(), libc::LOCK_EX) });
    // SAFETY: takes no pointer.
    let segment = must("shmget", unsafe { libc::shmget(libc::IPC_PRIVATE, 4096, 0o600) });
    // SAFETY: attached wherever there is room, and gone with its last user.
    let memory = must_ptr("shmat", unsafe {
        let memory = libc::shmat(segment, std::ptr::null(), 0);
        libc::shmctl(segment, libc::IPC_RMID, std::ptr::null_mut());
        memory
    });
    // SAFETY: takes no pointer.
    must("unshare", unsafe { libc::unshare(libc::CLONE_NEWUTS) });
    expect_refusal_of_fd("FileKind", event, "eventfd");
    expect_refusal_of_fd("FileKind", watch, "inotify");
    expect_refusal_of_fd("FileLock", locked.as_raw_fd(), "locked");
    expect_refusal_at("AreaKind|FileKind", memory as usize, "");
    // That the segment is its own is state as well.
    may_also_refuse("TaskFeature");
    expect_refusal("TaskNamespace", "uts");
    checkpoint_here();
}
