// SPDX-License-Identifier: GPL-2.0

//! Fact: a large mapping with few pages comes back with these pages, and is no larger than before.
//!
//! Could break: holes that are stored as zeros would make the image as large as the mapping, and
//! memory that was never touched would become resident.

use ckpt_support::{anonymous, check, checkpoint_here, page_size, same};

const TOUCHED: [usize; 6] = [0, 1, 511, 512, 131_071, 262_143];

/// Resident pages of the whole program.
fn resident() -> usize {
    let statm = String::from_utf8(ckpt_support::proc_self("statm")).expect("numbers");
    statm
        .split(' ')
        .nth(1)
        .and_then(|field| field.parse().ok())
        .expect("a number")
}

pub fn run() {
    let memory = anonymous(262_144 * page_size());
    memory.advise(0, memory.pages(), libc::MADV_NOHUGEPAGE);
    for index in TOUCHED {
        memory.page(index).fill(index as u8 | 1);
    }
    checkpoint_here();
    check(resident() < 20_000, "untouched memory has become resident");
    for index in TOUCHED {
        let page = memory.page(index);
        check(
            page.iter().all(|&byte| byte == index as u8 | 1),
            "a page has other contents",
        );
    }
    for index in [2, 510, 513, 100_000, 262_142] {
        same(
            "a hole",
            &vec![0u8; page_size()],
            &memory.page(index).to_vec(),
        );
    }
}
