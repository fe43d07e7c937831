// SPDX-License-Identifier: GPL-2.0

//! Fact: the heap comes back with its content and can grow and shrink from where it ended.
//!
//! Could break: the end of the heap need not be at a page boundary, and /proc shows only the area.

use ckpt_support::{check, checkpoint_here, same};

fn end_of_heap() -> usize {
    // SAFETY: asks only.
    ckpt_support::raw(libc::SYS_brk, &[0]) as usize
}

fn set_end_of_heap(end: usize) -> usize {
    ckpt_support::raw(libc::SYS_brk, &[end]) as usize
}

pub fn run() {
    let start = end_of_heap();
    let end = start + 100_003;
    same("brk", &end, &set_end_of_heap(end));
    // SAFETY: the part of the heap that was just made; the allocator knows nothing of it.
    let ours = unsafe { std::slice::from_raw_parts_mut(start as *mut u8, end - start) };
    for (index, byte) in ours.iter_mut().enumerate() {
        *byte = index as u8;
    }
    checkpoint_here();
    same("end of the heap", &end, &end_of_heap());
    let differs = ours
        .iter()
        .enumerate()
        .any(|(index, &byte)| byte != index as u8);
    check(!differs, "the content of the heap differs");
    same("brk", &(end + 200_000), &set_end_of_heap(end + 200_000));
    // SAFETY: new heap.
    unsafe { ((end + 199_999) as *mut u8).write_volatile(1) };
    same("brk", &start, &set_end_of_heap(start));
}
