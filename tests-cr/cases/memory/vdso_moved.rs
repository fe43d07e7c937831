// SPDX-License-Identifier: GPL-2.0

//! Fact: a vdso that was moved is where it was moved to, and tells the time.
//!
//! Could break: its parts must stay beside each other, and the kernel remembers where it is.

use std::mem::transmute;

use ckpt_support::{anonymous, check, checkpoint_here, must_ptr, page_size, same};

/// Start and end of each part.
fn parts() -> Vec<(usize, usize, String)> {
    let maps = String::from_utf8(ckpt_support::proc_self("maps")).expect("text");
    let wanted = maps
        .lines()
        .filter(|line| line.ends_with("[vdso]") || line.contains("[vvar"));
    wanted
        .map(|line| {
            let (range, rest) = line.split_once(' ').expect("a range");
            let (start, end) = range.split_once('-').expect("a range");
            let number = |text| usize::from_str_radix(text, 16).expect("a number");
            let name = rest.rsplit(' ').next().unwrap_or_default();
            (number(start), number(end), name.to_string())
        })
        .collect()
}

fn raw_time() -> i64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: one timespec.
    unsafe { libc::syscall(libc::SYS_clock_gettime, libc::CLOCK_MONOTONIC, &raw mut now) };
    now.tv_sec * 1_000_000_000 + now.tv_nsec
}

/// Offset of __vdso_clock_gettime, found by what the C library calls.
fn offset_of_clock(vdso: usize) -> usize {
    // SAFETY: the header of an ELF image, its dynamic symbols and their names.
    unsafe {
        let at = |address: usize| *(address as *const u64);
        let headers = vdso + at(vdso + 32) as usize;
        let count = *((vdso + 56) as *const u16) as usize;
        let kind = |index: usize| *((headers + index * 56) as *const u32);
        let dynamic = (0..count).find(|&index| kind(index) == 2).expect("PT_DYNAMIC");
        let mut entry = vdso + at(headers + dynamic * 56 + 16) as usize;
        let (mut names, mut symbols) = (0, 0);
        while at(entry) != 0 {
            match at(entry) {
                5 => names = vdso + at(entry + 8) as usize,
                6 => symbols = vdso + at(entry + 8) as usize,
                _ => (),
            }
            entry += 16;
        }
        for index in 1..64 {
            let symbol = symbols + index * 24;
            let name = names + *(symbol as *const u32) as usize;
            let name = std::ffi::CStr::from_ptr(name as *const libc::c_char);
            if name.to_bytes() == b"__vdso_clock_gettime" {
                return at(symbol + 8) as usize;
            }
        }
    }
    panic!("no __vdso_clock_gettime");
}

pub fn run() {
    let old = parts();
    let (first, last) = (old[0].0, old[old.len() - 1].1);
    let clock = offset_of_clock(old.iter().find(|part| part.2 == "[vdso]").expect("a vdso").0);
    let room = anonymous(last - first + page_size());
    let to = room.page_address(0);
    for (start, end, _) in &old {
        let size = end - start;
        let flags = libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED;
        // SAFETY: from now on the C library would call the old place; nothing here asks it for
        // the time.
        must_ptr("mremap", unsafe {
            let new = (to + start - first) as *mut libc::c_void;
            libc::mremap(*start as *mut libc::c_void, size, size, flags, new)
        });
    }
    let before = parts();
    checkpoint_here();
    same("parts of the vdso", &before, &parts());
    let code = before.iter().find(|part| part.2 == "[vdso]").expect("a vdso").0;
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the function of the vdso that has this signature.
    unsafe {
        let gettime: extern "C" fn(i32, *mut libc::timespec) -> i32 =
            transmute((code + clock) as *const ());
        let earlier = raw_time();
        check(gettime(libc::CLOCK_MONOTONIC, &raw mut now) == 0, "the vdso fails");
        let told = now.tv_sec * 1_000_000_000 + now.tv_nsec;
        check((earlier..=raw_time()).contains(&told), "the vdso tells another time");
    }
}
