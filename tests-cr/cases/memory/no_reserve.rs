// SPDX-License-Identifier: GPL-2.0

//! Fact: a mapping without reserved memory (MAP_NORESERVE), larger than the machine, comes back.
//!
//! Could break: the restart would have to reserve what the program never asked to be reserved.

use ckpt_support::{check, checkpoint_here, page_size, Mapping};

pub fn run() {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    let length = 1usize << 40;
    let memory = Mapping::new(length, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0);
    let last = length / page_size() - 1;
    memory.page(0).fill(b'0');
    memory.page(last).fill(b'9');
    checkpoint_here();
    check(
        memory.page(0).iter().all(|&byte| byte == b'0'),
        "the first page differs",
    );
    check(
        memory.page(last).iter().all(|&byte| byte == b'9'),
        "the last page differs",
    );
    check(memory.page(last / 2)[0] == 0, "the middle is not empty");
}
