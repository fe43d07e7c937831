// SPDX-License-Identifier: GPL-2.0

//! Fact: locked memory is locked after a restart, and counted.
//!
//! Could break: it is a flag of the area and a count of the address space; the count must be right
//! when it is unlocked.

use ckpt_support::{anonymous, check, checkpoint_here, must, page_size, same};

fn locked() -> String {
    let status = String::from_utf8(ckpt_support::proc_self("status")).expect("text");
    status
        .lines()
        .find(|line| line.starts_with("VmLck"))
        .unwrap_or_default()
        .to_string()
}

pub fn run() {
    let memory = anonymous(16 * page_size());
    memory.page(3).fill(b'l');
    // SAFETY: our own memory.
    must("mlock", unsafe {
        libc::mlock(memory.pointer(), 16 * page_size())
    });
    let before = locked();
    checkpoint_here();
    same("locked memory", &before, &locked());
    check(
        memory.page(3).iter().all(|&byte| byte == b'l'),
        "the content differs",
    );
    // SAFETY: as above.
    must("munlock", unsafe {
        libc::munlock(memory.pointer(), 16 * page_size())
    });
    same(
        "locked memory",
        &"VmLck:\t       0 kB".to_string(),
        &locked(),
    );
}
