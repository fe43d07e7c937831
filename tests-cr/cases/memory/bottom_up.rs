// SPDX-License-Identifier: GPL-2.0

//! Fact: a program that was laid out from the bottom up (ADDR_COMPAT_LAYOUT) goes on so.
//!
//! Could break: where new memory goes is decided when a program starts, by its personality and its
//! limits.

use ckpt_support::{anonymous, check, checkpoint_here, must, page_size};

pub fn run() {
    const ADDR_COMPAT_LAYOUT: u64 = 0x0020_0000;
    const ADDR_NO_RANDOMIZE: u64 = 0x0004_0000;
    // SAFETY: take no pointer; the arguments of exec end with null.
    unsafe {
        if libc::personality(0xffff_ffff) as u64 & ADDR_COMPAT_LAYOUT == 0 {
            must("personality", libc::personality(ADDR_COMPAT_LAYOUT | ADDR_NO_RANDOMIZE));
            let words: Vec<_> = std::env::args()
                .map(|word| std::ffi::CString::new(word).expect("an argument"))
                .collect();
            let mut arguments: Vec<_> = words.iter().map(|word| word.as_ptr()).collect();
            arguments.push(std::ptr::null());
            libc::execv(c"/proc/self/exe".as_ptr(), arguments.as_ptr());
            panic!("execv");
        }
    }
    let first = anonymous(page_size()).page_address(0);
    let second = anonymous(page_size()).page_address(0);
    check(first < second || first & !0xfff == second & !0xfff, "not laid out as asked");
    checkpoint_here();
    let next = anonymous(3 * page_size()).page_address(0);
    let after = anonymous(3 * page_size()).page_address(0);
    check(second < next && next < after, "new memory goes elsewhere");
    check(next < 0x4000_0000_0000, "not near the bottom");
}
