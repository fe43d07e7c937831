// SPDX-License-Identifier: GPL-2.0

//! Fact: shared memory that nobody has attached comes back with its content.
//!
//! Could break: no area leads to it. After a kill it is still there, and may have been changed.

use ckpt_support::{checkpoint_here, must, same};

use super::{attach, control_memory, key, memory_text, segment};

pub fn run() {
    let key = key(2);
    let id = segment(key, 12345, libc::IPC_CREAT | libc::IPC_EXCL | 0o600);
    let address = attach(id, 0);
    // SAFETY: within what was attached.
    unsafe {
        address.add(12344).write(7);
        must("shmdt", libc::shmdt(address.cast()));
    }
    let before = memory_text(id);
    checkpoint_here();
    same("state", &before, &memory_text(id));
    same("by its key", &id, &segment(key, 0, 0));
    let address = attach(id, 0);
    // SAFETY: within what was attached.
    unsafe {
        same("content", &7, &address.add(12344).read());
        same("content", &0, &address.read());
    }
    control_memory(id, libc::IPC_RMID);
}
