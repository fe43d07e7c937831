// SPDX-License-Identifier: GPL-2.0

//! Fact: PR_SET_MEMORY_MERGE holds for memory that is made later, and what was taken out of it
//! stays out.
//!
//! Could break: setting it again would put everything in.

use ckpt_support::{anonymous, check, checkpoint_here, must, page_size, same};

const PR_SET_MEMORY_MERGE: i32 = 67;
const PR_GET_MEMORY_MERGE: i32 = 68;

fn is_mergeable(address: usize) -> bool {
    let smaps = String::from_utf8(ckpt_support::proc_self("smaps")).expect("text");
    let mut here = false;
    for line in smaps.lines() {
        let range = line.split(' ').next().and_then(|range| range.split_once('-'));
        let number = |text| usize::from_str_radix(text, 16).ok();
        if let Some((Some(start), Some(end))) = range.map(|(a, b)| (number(a), number(b))) {
            here = (start..end).contains(&address);
        }
        if here && line.starts_with("VmFlags:") {
            return line.contains(" mg");
        }
    }
    false
}

pub fn run() {
    // SAFETY: take no pointer.
    let get = || unsafe { libc::prctl(PR_GET_MEMORY_MERGE, 0, 0, 0, 0) };
    // SAFETY: as above.
    must("prctl", unsafe { libc::prctl(PR_SET_MEMORY_MERGE, 1, 0, 0, 0) });
    let memory = anonymous(8 * page_size());
    for page in 0..8 {
        memory.page(page).fill(b'k');
    }
    memory.advise(3, 2, libc::MADV_UNMERGEABLE);
    let signs = || [0, 3, 5].map(|page| is_mergeable(memory.page_address(page)));
    let before = signs();
    checkpoint_here();
    same("the setting", &1, &get());
    same("mergeable", &before, &signs());
    let new = anonymous(page_size());
    check(is_mergeable(new.page_address(0)), "new memory is not mergeable");
    check(memory.page(7)[1] == b'k', "the content differs");
}
