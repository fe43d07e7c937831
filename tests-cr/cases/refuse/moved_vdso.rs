// SPDX-License-Identifier: GPL-2.0

//! Fact: a vdso that was moved is refused, by address.
//!
//! Could break: its two parts must stay beside each other, and the kernel remembers where it is.

use ckpt_support::{checkpoint_here, expect_refusal, must_ptr, page_size};

pub fn run() {
    let maps = String::from_utf8(ckpt_support::proc_self("maps")).expect("text");
    let line = maps
        .lines()
        .find(|line| line.ends_with("[vdso]"))
        .expect("a vdso");
    let range = line.split(' ').next().unwrap_or_default();
    let (start, end) = range.split_once('-').expect("a range");
    let number = |text| usize::from_str_radix(text, 16).expect("a number");
    let (start, end) = (number(start), number(end));
    let room = ckpt_support::anonymous(end - start + page_size());
    // SAFETY: from now on nobody asks for the time, for which the C library would call the old
    // place; the kernel follows the move.
    unsafe {
        let (old, new, size) = (start as *mut libc::c_void, room.pointer(), end - start);
        let flags = libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED;
        must_ptr("mremap", libc::mremap(old, size, size, flags, new));
        expect_refusal("AreaKind|AddressSpaceFeature", "vdso");
    }
    checkpoint_here();
}
