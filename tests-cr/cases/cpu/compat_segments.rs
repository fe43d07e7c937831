// SPDX-License-Identifier: GPL-2.0

//! Fact: a 64-bit program comes back with segments in its table, and selectors that point to them:
//! with the base of the segment, and with another one set afterwards.
//!
//! Could break: loading a selector sets the base, which must then be set to what it was.

use ckpt_support::{ready, same, GoFlag};

use super::compat;

const SET_THREAD_AREA: u32 = 243;
const GET_THREAD_AREA: u32 = 244;
/// SEG_32BIT, LIMIT_IN_PAGES, USEABLE.
const FLAGS: u32 = 1 | 1 << 4 | 1 << 6;

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
    let page = compat::low_page();
    // SAFETY: our own page: a word that gs will lead to, and the description of a segment.
    let (target, segment) = unsafe { (page.add(1024).cast::<u64>(), page.cast::<[u32; 4]>()) };
    // SAFETY: as above.
    unsafe {
        target.write(0x6773_6773_6773_6773);
        segment.write([u32::MAX, target as u32, 0xfffff, FLAGS]);
    }
    same(
        "set_thread_area",
        &0,
        &compat::call(SET_THREAD_AREA, [segment as usize, 0, 0]),
    );
    // SAFETY: as above.
    let entry = unsafe { segment.read()[0] };
    let selector = (entry as u16) << 3 | 3;
    // SAFETY: nothing else uses gs in a 64-bit program.
    unsafe { std::arch::asm!("mov gs, {:x}", in(reg) selector) };
    let before = read_gs();
    ready();
    while !go.is_set() {
        std::hint::spin_loop();
    }
    same("selector and word behind gs", &before, &read_gs());
    // SAFETY: our own page.
    unsafe { segment.write([entry, 0, 0, 0]) };
    compat::call(GET_THREAD_AREA, [segment as usize, 0, 0]);
    // SAFETY: as above.
    let now = unsafe { segment.read() };
    same("segment", &[entry, target as u32, 0xfffff, FLAGS], &now);
}
