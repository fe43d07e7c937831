// SPDX-License-Identifier: GPL-2.0

//! Fact: every protection comes back and is enforced.
//!
//! Could break: pages are filled before the final protections are set, and an area that keeps the
//! right to be written would hide a bug or open a hole.

use ckpt_support::{anonymous, can_read, can_write, checkpoint_here, page_size, same};

const PROTECTIONS: [i32; 5] = [
    libc::PROT_NONE,
    libc::PROT_READ,
    libc::PROT_READ | libc::PROT_WRITE,
    libc::PROT_READ | libc::PROT_EXEC,
    libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC,
];

pub fn run() {
    let memory = anonymous(2 * PROTECTIONS.len() * page_size());
    for (index, protection) in PROTECTIONS.into_iter().enumerate() {
        // One page of each pair has content, the other was never touched.
        memory.page(2 * index).fill(b'x');
        memory.protect(2 * index, 2, protection);
    }
    checkpoint_here();
    for (index, protection) in PROTECTIONS.into_iter().enumerate() {
        for page in [2 * index, 2 * index + 1] {
            let address = memory.page_address(page);
            let readable = protection & libc::PROT_READ != 0;
            same(
                &format!("page {page} readable"),
                &readable,
                &can_read(address),
            );
            let writable = protection & libc::PROT_WRITE != 0;
            same(
                &format!("page {page} writable"),
                &writable,
                &can_write(address),
            );
        }
    }
}
