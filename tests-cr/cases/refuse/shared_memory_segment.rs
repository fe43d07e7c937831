// SPDX-License-Identifier: GPL-2.0

//! Fact: an attached System V shared memory segment is refused, by address.
//!
//! Could break: the segment outlives the process and has an id of its own.

use ckpt_support::{checkpoint_here, expect_refusal_at, may_also_refuse, must};

pub fn run() {
    // SAFETY: the kernel chooses the address.
    let (id, address) = unsafe {
        let id = must("shmget", libc::shmget(libc::IPC_PRIVATE, 8192, 0o600));
        (id, libc::shmat(id, std::ptr::null(), 0))
    };
    assert_ne!(address as isize, -1, "shmat");
    expect_refusal_at("AreaKind|FileKind", address as usize, "");
    // That the segment is its own is state as well.
    may_also_refuse("TaskFeature");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("IPC_RMID", unsafe {
        libc::shmctl(id, libc::IPC_RMID, std::ptr::null_mut())
    });
}
