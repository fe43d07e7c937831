// SPDX-License-Identifier: GPL-2.0

//! Fact: a vdso that was unmapped stays away; one of which only the data was, keeps its code.
//!
//! Could break: restoring a program is what maps it.

use ckpt_support::{check, checkpoint_here, same};

fn parts() -> Vec<String> {
    let maps = String::from_utf8(ckpt_support::proc_self("maps")).expect("text");
    let wanted = maps
        .lines()
        .filter(|line| line.ends_with("[vdso]") || line.contains("[vvar"));
    wanted.map(str::to_string).collect()
}

pub fn run() {
    for part in parts().iter().filter(|part| part.contains("[vvar")) {
        let range = part.split(' ').next().unwrap_or_default();
        let (start, end) = range.split_once('-').expect("a range");
        let number = |text| usize::from_str_radix(text, 16).expect("a number");
        let (start, end) = (number(start), number(end));
        // SAFETY: nothing here asks the C library for the time any longer.
        unsafe { libc::munmap(start as *mut libc::c_void, end - start) };
    }
    let before = parts();
    check(before.len() == 1, "more than the code is left");
    checkpoint_here();
    same("parts of the vdso", &before, &parts());
}
