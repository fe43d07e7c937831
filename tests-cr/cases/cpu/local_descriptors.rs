// SPDX-License-Identifier: GPL-2.0

//! Fact: segments of a local descriptor table (modify_ldt) come back, with the selector that points
//! to one of them, and can be loaded again.
//!
//! Could break: the table belongs to the address space, and must be there before the selector is
//! loaded.

use ckpt_support::{must, raw, ready, same, GoFlag};

use super::compat;

/// SEG_32BIT, LIMIT_IN_PAGES, USEABLE.
const FLAGS: u32 = 1 | 1 << 4 | 1 << 6;
/// SEG_32BIT, expand-down, SEG_NOT_PRESENT.
const ABSENT: u32 = 1 | 1 << 1 | 1 << 5;

fn write(segment: [u32; 4]) {
    let call = [0x11, segment.as_ptr() as usize, 16];
    must("modify_ldt", raw(libc::SYS_modify_ldt, &call));
}

fn table() -> [u64; 8192] {
    let mut table = [0; 8192];
    let call = [0, table.as_mut_ptr() as usize, size_of_val(&table)];
    must("modify_ldt", raw(libc::SYS_modify_ldt, &call));
    table
}

fn load_gs(entry: u16) {
    // SAFETY: nothing else uses gs in a 64-bit program.
    unsafe { std::arch::asm!("mov gs, {:x}", in(reg) entry << 3 | 7) };
}

fn read_gs() -> (u16, u64) {
    let (selector, word): (u16, u64);
    // SAFETY: gs points to our own page.
    unsafe {
        std::arch::asm!("mov {:x}, gs", out(reg) selector);
        std::arch::asm!("mov {}, gs:[0]", out(reg) word);
    }
    (selector, word)
}

pub fn run() {
    let go = GoFlag::map();
    let page = compat::low_page().cast::<[u64; 2]>();
    // SAFETY: our own page.
    unsafe { page.write([0x6c64_7430_0000_0001, 0x6c64_7430_0000_0002]) };
    write([0, page as u32 + 8, 0xfff, FLAGS]);
    write([9, page as u32, 0xfffff, FLAGS]);
    write([1000, 0x1234_5678, 0x9abc, ABSENT]);
    load_gs(9);
    let before = (read_gs(), table());
    ready();
    while !go.is_set() {
        std::hint::spin_loop();
    }
    same("selector and word behind gs", &before.0, &read_gs());
    let now = table();
    for (entry, (before, now)) in before.1.iter().zip(&now).enumerate() {
        same(&format!("entry {entry}"), before, now);
    }
    load_gs(0);
    same("word behind the other segment", &0x6c64_7430_0000_0002, &read_gs().1);
}
