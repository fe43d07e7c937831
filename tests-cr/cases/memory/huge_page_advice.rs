// SPDX-License-Identifier: GPL-2.0

//! Fact: huge pages come back as such, and a hole beside a small page stays a hole.
//!
//! Could break: filling one page of an area that may have huge pages gives it a whole one.

use ckpt_support::{anonymous, check, checkpoint_here, same, Mapping};

const HUGE: usize = 2 << 20;

fn resident(memory: &Mapping, first: usize, count: usize) -> usize {
    let mut pages = vec![0u8; count];
    let at = memory.page_address(first) as *mut libc::c_void;
    // SAFETY: as many bytes as pages.
    ckpt_support::must("mincore", unsafe {
        libc::mincore(at, count * ckpt_support::page_size(), pages.as_mut_ptr())
    });
    pages.iter().filter(|page| **page & 1 == 1).count()
}

/// Bytes of the mapping that are in huge pages.
fn in_huge_pages(memory: &Mapping) -> usize {
    let smaps = String::from_utf8(ckpt_support::proc_self("smaps")).expect("text");
    let (start, end) = (memory.page_address(0), memory.page_address(memory.pages() - 1));
    let mut inside = false;
    let mut sum = 0;
    for line in smaps.lines() {
        if let Some((first, _)) = line.split_once('-') {
            if let Ok(first) = usize::from_str_radix(first, 16) {
                inside = (start..=end).contains(&first);
            }
        }
        if let (true, Some(size)) = (inside, line.strip_prefix("AnonHugePages:")) {
            let kib = size.trim().trim_end_matches(" kB");
            sum += kib.parse::<usize>().expect("a number") << 10;
        }
    }
    sum
}

pub fn run() {
    let memory = anonymous(4 * HUGE);
    let per_huge = HUGE / ckpt_support::page_size();
    let first = (HUGE - memory.page_address(0) % HUGE) % HUGE / ckpt_support::page_size();
    // A small page before the advice.
    memory.page(first + per_huge + 9).fill(b's');
    memory.advise(first, 3 * per_huge, libc::MADV_HUGEPAGE);
    for page in 0..per_huge {
        memory.page(first + page).fill(page as u8 | 1);
    }
    // At least the one: khugepaged may make another one of the small page.
    check(in_huge_pages(&memory) >= HUGE, "it is in no huge page");
    checkpoint_here();
    check(in_huge_pages(&memory) >= HUGE, "it is in no huge page any longer");
    for page in 0..per_huge {
        let right = memory.page(first + page).iter().all(|&byte| byte == page as u8 | 1);
        check(right, "the content of a huge page differs");
    }
    check(memory.page(first + per_huge + 9)[1] == b's', "the small page differs");
    same("resident beside the small page", &1, &resident(&memory, first + per_huge, per_huge));
}
