// SPDX-License-Identifier: GPL-2.0

//! Fact: semtimedop ends when it would have ended anyway; it does not fail with EINTR.
//!
//! Could break: its timeout is relative, and the kernel never makes the call again by itself.

use std::time::Instant;

use ckpt_support::waits::{in_time, span};
use ckpt_support::{errno, must, over, raw, ready_inside_once, same, wait_for_go};

pub fn run() {
    // SAFETY: takes no pointer.
    let id = must("semget", unsafe {
        libc::semget(libc::IPC_PRIVATE, 1, 0o600)
    });
    let start = Instant::now();
    ready_inside_once(libc::SYS_semtimedop);
    let operation = libc::sembuf {
        sem_num: 0,
        sem_op: -1,
        sem_flg: 0,
    };
    let time = span();
    let call = [
        id as usize,
        &raw const operation as usize,
        1,
        &raw const time as usize,
    ];
    let result = raw(libc::SYS_semtimedop, &call);
    let error = errno();
    let passed = start.elapsed().as_millis() as i64;
    over();
    same("semtimedop", &(-1, libc::EAGAIN), &(result, error));
    in_time("semtimedop", passed);
    // SAFETY: takes no pointer.
    must("IPC_RMID", unsafe { libc::semctl(id, 0, libc::IPC_RMID) });
    wait_for_go();
}
