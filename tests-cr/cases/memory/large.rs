// SPDX-License-Identifier: GPL-2.0

//! Fact: 64 MiB of memory with pages of every kind in turn come back.
//!
//! Could break: many records, runs of all lengths, and every boundary between content, zeros and
//! holes.

use ckpt_support::{anonymous, check, checkpoint_here, page_size};

const PAGES: usize = 16_384;

/// What page `index` is: a hole, zeros, or filled with a number.
fn kind(index: usize) -> Option<u64> {
    let mixed = (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    match (index >> 7) % 3 {
        // Long runs, then single pages at random.
        0 => Some(mixed | 1),
        1 => None,
        _ if mixed % 3 == 0 => None,
        _ if mixed % 3 == 1 => Some(0),
        _ => Some(mixed | 1),
    }
}

fn words(page: &mut [u8]) -> &mut [u64] {
    // SAFETY: any bytes are valid numbers.
    unsafe { page.align_to_mut::<u64>().1 }
}

pub fn run() {
    let memory = anonymous(PAGES * page_size());
    memory.advise(0, PAGES, libc::MADV_NOHUGEPAGE);
    for index in 0..PAGES {
        if let Some(number) = kind(index) {
            words(memory.page(index)).fill(number);
        }
    }
    checkpoint_here();
    for index in 0..PAGES {
        let expected = kind(index).unwrap_or(0);
        let fine = words(memory.page(index))
            .iter()
            .all(|&word| word == expected);
        check(fine, &format!("page {index} differs"));
    }
}
