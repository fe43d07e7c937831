// SPDX-License-Identifier: GPL-2.0

//! Fact: what is to be undone of semaphores is undone after the restart, when the process ends: once,
//! and not by the end of the checkpointed one.
//!
//! Could break: the list is in the kernel only; killing the container undoes it outside.

use ckpt_support::{checkpoint_here, same, wait_for_go};

use super::{control, operate, semaphores_of};
use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};
use std::sync::atomic::Ordering;

pub fn run() {
    let id = semaphores_of(libc::IPC_PRIVATE, 3, 0o600);
    let other = semaphores_of(libc::IPC_PRIVATE, 1, 0o600);
    control(id, 0, libc::SETVAL, 10);
    control(id, 2, libc::SETVAL, 5);
    let word = shared_word();
    let taker = child(|| {
        operate(id, 0, -3, libc::SEM_UNDO);
        operate(id, 2, 2, libc::SEM_UNDO);
        operate(other, 0, 1, libc::SEM_UNDO);
        word.store(1, Ordering::SeqCst);
        wait_for_go();
        wait_until(word, 2);
        FINE
    });
    operate(id, 0, -1, libc::SEM_UNDO);
    wait_until(word, 1);
    checkpoint_here();
    let values = |set: i32, count: i32| -> Vec<i32> {
        (0..count)
            .map(|which| control(set, which, libc::GETVAL, 0))
            .collect()
    };
    same("before", &vec![6, 0, 7], &values(id, 3));
    same("before, the other", &vec![1], &values(other, 1));
    word.store(2, Ordering::SeqCst);
    same("the taker", &FINE, &end_of(taker));
    same("after", &vec![9, 0, 5], &values(id, 3));
    same("after, the other", &vec![0], &values(other, 1));
    same("who", &taker, &control(id, 2, libc::GETPID, 0));
    control(id, 0, libc::IPC_RMID, 0);
    control(other, 0, libc::IPC_RMID, 0);
}
