// SPDX-License-Identifier: GPL-2.0

//! Fact: addresses where nothing was mapped stay so.
//!
//! Could break: whatever the restart itself needed in the address space (its own code, a stack, a
//! buffer) must be gone.

use ckpt_support::{anonymous, checkpoint_here, page_size, same};

/// Start and end of each area but the heap's, the stack's and the memory maps' own buffer.
fn areas() -> Vec<String> {
    let maps = String::from_utf8(ckpt_support::proc_self("maps")).expect("text");
    maps.lines()
        .filter(|line| !line.ends_with("[heap]") && !line.ends_with("[stack]"))
        .map(|line| line.split(' ').next().unwrap_or_default().to_string())
        .collect()
}

pub fn run() {
    let memory = anonymous(64 * page_size());
    for index in (1..64).step_by(3) {
        memory.unmap(index, 1);
    }
    let before = areas();
    checkpoint_here();
    same("areas", &before, &areas());
}
