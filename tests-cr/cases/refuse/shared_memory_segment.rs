// SPDX-License-Identifier: GPL-2.0

//! Fact: System V shared memory that a task outside has attached too is refused, by that task.
//!
//! Could break: the two would have two memories after the restart.

use ckpt_support::{checkpoint_here, expect_refusal, may_also_refuse, must, outsider};

pub fn run() {
    // SAFETY: the kernel chooses the address.
    let (id, address) = unsafe {
        let id = must("shmget", libc::shmget(libc::IPC_PRIVATE, 8192, 0o600));
        (id, libc::shmat(id, std::ptr::null(), 0))
    };
    assert_ne!(address as isize, -1, "shmat");
    let pid = outsider(&[]);
    expect_refusal("StorageShared", &pid.to_string());
    // The one that has forked it has attached it last, and has ended.
    may_also_refuse("IpcOutside");
    checkpoint_here();
    // SAFETY: take no pointer.
    unsafe {
        must("kill", libc::kill(pid, libc::SIGKILL));
        must(
            "IPC_RMID",
            libc::shmctl(id, libc::IPC_RMID, std::ptr::null_mut()),
        );
    }
}
