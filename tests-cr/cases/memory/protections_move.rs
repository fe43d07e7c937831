// SPDX-License-Identifier: GPL-2.0

//! Fact: protections of restored memory can be changed as before, forth and back, with the content
//! kept.
//!
//! Could break: what an area may become is another set of bits than what it is.

use ckpt_support::{anonymous, can_write, check, checkpoint_here, page_size};

pub fn run() {
    let memory = anonymous(3 * page_size());
    memory.page(0).fill(b'a');
    memory.page(1).fill(b'b');
    memory.protect(0, 3, libc::PROT_READ);
    checkpoint_here();
    memory.protect(0, 3, libc::PROT_READ | libc::PROT_WRITE);
    check(
        memory.page(1).iter().all(|&byte| byte == b'b'),
        "the content differs",
    );
    memory.page(1).fill(b'c');
    memory.page(2).fill(b'd');
    memory.protect(0, 3, libc::PROT_READ | libc::PROT_EXEC);
    check(!can_write(memory.page_address(0)), "still writable");
    let first_bytes: Vec<u8> = (0..3).map(|index| memory.page(index)[0]).collect();
    check(first_bytes == b"acd", "the content differs");
}
