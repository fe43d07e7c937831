// SPDX-License-Identifier: GPL-2.0

//! Which frames of memory stand behind the pages of a process: relatives that share a page have it
//! in the same frame.

use std::fs::File;
use std::os::unix::fs::FileExt;

use ckpt_support::{anonymous, page_size, same, Mapping};

/// The frame of each page in the process `of` ("self" or a number); zero: it is not in memory.
pub fn frames(of: &str, memory: &Mapping) -> Vec<u64> {
    const PRESENT: u64 = 1 << 63;
    const FRAME: u64 = (1 << 55) - 1;
    let map = File::open(format!("/proc/{of}/pagemap")).expect("pagemap");
    let mut bytes = vec![0u8; memory.pages() * 8];
    let at = memory.page_address(0) / page_size() * 8;
    map.read_exact_at(&mut bytes, at as u64).expect("entries");
    let entries = bytes
        .chunks_exact(8)
        .map(|entry| u64::from_le_bytes(entry.try_into().expect("8 bytes")));
    entries
        .map(|entry| {
            if entry & PRESENT != 0 {
                entry & FRAME
            } else {
                0
            }
        })
        .collect()
}

/// How many pages are in memory, and in the same frame in both processes.
pub fn shared(one: &str, other: &str, memory: &Mapping) -> usize {
    let both = frames(one, memory).into_iter().zip(frames(other, memory));
    both.filter(|(one, other)| *one != 0 && one == other)
        .count()
}

/// How it would read in the process itself.
pub fn reads(memory: &Mapping, from: usize, byte: impl Fn(usize) -> u8) -> bool {
    (from..memory.pages()).all(|page| memory.page(page).iter().all(|&is| is == byte(page)))
}

/// A byte for a page.
pub fn pattern(page: usize) -> u8 {
    (page % 250) as u8 + 1
}

/// Memory with something else in each page.
pub fn written(pages: usize) -> Mapping {
    let memory = anonymous(pages * page_size());
    write(&memory, 0, pages, pattern);
    memory
}

/// Writes whole pages.
pub fn write(memory: &Mapping, first: usize, count: usize, byte: impl Fn(usize) -> u8) {
    for page in first..first + count {
        memory.page(page).fill(byte(page));
    }
}

/// All pages from `from` on are shared by the two processes.
pub fn all_shared(what: &str, one: &str, other: &str, memory: &Mapping, count: usize) {
    same(what, &count, &shared(one, other, memory));
}
