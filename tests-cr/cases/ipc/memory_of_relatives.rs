// SPDX-License-Identifier: GPL-2.0

//! Fact: shared memory is shared by relatives as before, and remembers a maker that has ended.
//!
//! Could break: the number of a process that has ended means nobody any more.

use std::sync::atomic::{AtomicU32, Ordering};

use ckpt_support::{checkpoint_here, same, wait_for_go};

use super::{attach, control_memory, memory_state, memory_text, segment};
use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};

pub fn run() {
    let told = shared_word();
    let maker = child(|| {
        told.store(segment(libc::IPC_PRIVATE, 4096, 0o600) as u32 + 1, Ordering::SeqCst);
        0
    });
    same("the maker", &0, &end_of(maker));
    let id = told.load(Ordering::SeqCst) as i32 - 1;
    same("who made it", &maker, &memory_state(id).shm_cpid);
    let address = attach(id, 0);
    // SAFETY: within what was attached, and aligned.
    let word = unsafe { &*address.cast::<AtomicU32>() };
    let other = child(|| {
        wait_for_go();
        wait_until(word, 1);
        word.store(2, Ordering::SeqCst);
        FINE
    });
    let before = memory_text(id);
    checkpoint_here();
    same("state", &before, &memory_text(id));
    word.store(1, Ordering::SeqCst);
    wait_until(word, 2);
    same("the other", &FINE, &end_of(other));
    same("who left it last", &other, &memory_state(id).shm_lpid);
    control_memory(id, libc::IPC_RMID);
}
