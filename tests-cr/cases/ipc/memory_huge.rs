// SPDX-License-Identifier: GPL-2.0

//! Fact: System V shared memory in huge pages comes back in huge pages.
//!
//! Could break: its size is rounded up to theirs, and what is reserved is no page yet.

use ckpt_support::{checkpoint_here, not_run, same};

use super::{attach, control_memory, memory_text};

const HUGE: usize = 2 << 20;

pub fn run() {
    let flags = libc::SHM_HUGETLB | libc::IPC_CREAT | 0o600;
    // SAFETY: takes no pointer.
    let id = unsafe { libc::shmget(libc::IPC_PRIVATE, HUGE + 1, flags) };
    if id == -1 {
        not_run("there are no free huge pages");
    }
    let address = attach(id, 0);
    control_memory(id, libc::IPC_RMID);
    // SAFETY: within what was attached.
    unsafe { address.add(HUGE).write(5) };
    let before = memory_text(id);
    checkpoint_here();
    same("state", &before, &memory_text(id));
    // SAFETY: within what was attached.
    unsafe {
        same("content", &5, &address.add(HUGE).read());
        same("the rest", &0, &address.read());
    }
}
