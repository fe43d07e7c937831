// SPDX-License-Identifier: GPL-2.0

//! Fact: a semaphore operation that is undone at exit is refused.
//!
//! Could break: the undo list is in the kernel only.

use ckpt_support::{checkpoint_here, expect_refusal, must};

pub fn run() {
    // SAFETY: one operation, as said.
    let id = unsafe {
        let id = must("semget", libc::semget(libc::IPC_PRIVATE, 1, 0o600));
        let flag = libc::SEM_UNDO as i16;
        let mut operation = libc::sembuf {
            sem_num: 0,
            sem_op: 1,
            sem_flg: flag,
        };
        must("semop", libc::semop(id, &mut operation, 1));
        id
    };
    expect_refusal("TaskFeature", "semaphore");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("IPC_RMID", unsafe { libc::semctl(id, 0, libc::IPC_RMID) });
}
