// SPDX-License-Identifier: GPL-2.0

//! Fact: an area made with MAP_GROWSDOWN still grows downwards when the page below is touched.
//!
//! Could break: it is a flag of the area that mmap gives, not the kind of thing that is read off
//! protections.

use ckpt_support::{anonymous, check, checkpoint_here, must_ptr, page_size};

pub fn run() {
    // Room for it to grow: a mapping that is removed again, but for its end.
    let room = anonymous(1024 * page_size());
    let top = room.pointer().wrapping_byte_add(1020 * page_size());
    room.unmap(0, 1024);
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_GROWSDOWN;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: nothing is there.
    let area = must_ptr("mmap", unsafe {
        libc::mmap(
            top,
            page_size(),
            rights,
            flags | libc::MAP_FIXED_NOREPLACE,
            -1,
            0,
        )
    });
    // SAFETY: the area, and the page below it, which the kernel makes on the fly.
    unsafe {
        area.write_volatile(b'1');
        area.sub(page_size()).write_volatile(b'2');
        checkpoint_here();
        check(area.read_volatile() == b'1', "the first page differs");
        check(
            area.sub(page_size()).read_volatile() == b'2',
            "the grown page differs",
        );
        area.sub(2 * page_size()).write_volatile(b'3');
        check(
            area.sub(2 * page_size()).read_volatile() == b'3',
            "it did not grow",
        );
    }
}
