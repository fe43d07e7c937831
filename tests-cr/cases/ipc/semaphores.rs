// SPDX-License-Identifier: GPL-2.0

//! Fact: sets of semaphores come back: identifiers, keys, owners, rights, times, values, and who has
//! changed each of them last, also if that has ended.
//!
//! Could break: all of it is in the kernel only.

use ckpt_support::{checkpoint_here, errno, must, same};

use super::{control, key, operate, semaphores_of, semaphores_text};
use crate::tasks::relatives::{child, end_of};

pub fn run() {
    let key = key(3);
    let named = semaphores_of(key, 5, libc::IPC_CREAT | libc::IPC_EXCL | 0o660);
    control(named, 1, libc::SETVAL, 32767);
    control(named, 3, libc::SETVAL, 4);
    let helper = child(|| operate(named, 3, -1, 0));
    same("the helper", &0, &end_of(helper));
    // SAFETY: a state that the kernel gave.
    unsafe {
        let mut state: libc::semid_ds = std::mem::zeroed();
        must("IPC_STAT", libc::semctl(named, 0, libc::IPC_STAT, &mut state));
        state.sem_perm.uid = 777;
        state.sem_perm.mode = 0o642;
        must("IPC_SET", libc::semctl(named, 0, libc::IPC_SET, &mut state));
    }
    let fresh = semaphores_of(libc::IPC_PRIVATE, 1, 0o600);
    let large = semaphores_of(libc::IPC_PRIVATE, 700, 0o600);
    control(large, 699, libc::SETVAL, 11);
    let all = [(named, 5), (fresh, 1), (large, 700)];
    let before = all.map(|(id, count)| semaphores_text(id, count));
    checkpoint_here();
    let now = all.map(|(id, count)| semaphores_text(id, count));
    for (before, now) in before.iter().zip(&now) {
        same("state", before, now);
    }
    same("by its key", &named, &semaphores_of(key, 0, 0));
    same("who changed it", &helper, &control(named, 3, libc::GETPID, 0));
    same("not yet", &-1, &operate(fresh, 0, -1, libc::IPC_NOWAIT));
    same("why", &libc::EAGAIN, &errno());
    same("three", &0, &operate(named, 3, -3, libc::IPC_NOWAIT));
    for (id, _) in all {
        control(id, 0, libc::IPC_RMID, 0);
    }
}
