// SPDX-License-Identifier: GPL-2.0

//! Fact: a restarted program can map, write and unmap new memory, and it is put where it would
//! have been put before.
//!
//! Could break: the place where new mappings go is a mark of the address space of its own.

use ckpt_support::{anonymous, check, checkpoint_here, page_size, same};

fn place() -> usize {
    // Larger than any hole between libraries.
    let memory = anonymous(16_384 * page_size());
    let place = memory.pointer() as usize;
    memory.unmap(0, memory.pages());
    place
}

pub fn run() {
    let before = place();
    checkpoint_here();
    same(
        "place of new mappings",
        &format!("{before:#x}"),
        &format!("{:#x}", place()),
    );
    let memory = anonymous(256 * page_size());
    for index in 0..256 {
        check(
            memory.page(index).iter().all(|&byte| byte == 0),
            "new memory is not zero",
        );
        memory.page(index).fill(index as u8);
    }
    check(
        (0..256).all(|index| memory.page(index)[9] == index as u8),
        "new memory lost content",
    );
    memory.unmap(0, 256);
}
