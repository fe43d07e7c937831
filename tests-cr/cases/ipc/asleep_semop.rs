// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in semop goes on sleeping until the semaphore is there.
//!
//! Could break: the sleeper is on no list any more.

use std::sync::atomic::{AtomicI32, Ordering};

use ckpt_support::signals::handle;
use ckpt_support::{ready_inside_until_signal, same, wait_for_go};

use super::{control, operate, semaphores_of};

static SET: AtomicI32 = AtomicI32::new(-1);

extern "C" fn give(_: i32) {
    operate(SET.load(Ordering::Relaxed), 0, 2, 0);
}

pub fn run() {
    let id = semaphores_of(libc::IPC_PRIVATE, 2, 0o600);
    SET.store(id, Ordering::Relaxed);
    handle(libc::SIGUSR1, libc::SA_RESTART, give);
    ready_inside_until_signal(libc::SYS_semtimedop, libc::SIGUSR1);
    let mut result = operate(id, 0, -2, libc::SEM_UNDO);
    if result == -1 && ckpt_support::errno() == libc::EINTR {
        // A handler ends it, SA_RESTART or not.
        result = operate(id, 0, -2, libc::SEM_UNDO);
    }
    same("semop", &0, &result);
    wait_for_go();
    same("value", &0, &control(id, 0, libc::GETVAL, 0));
    control(id, 0, libc::IPC_RMID, 0);
}
