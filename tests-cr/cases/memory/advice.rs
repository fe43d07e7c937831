// SPDX-License-Identifier: GPL-2.0

//! Fact: advice that stays with an area (madvise) comes back.
//!
//! Could break: each is a flag of the area that nothing but fork, a core dump or smaps shows.

use ckpt_support::{anonymous, check, checkpoint_here, page_size};

const ADVICE: [(i32, &str); 6] = [
    (libc::MADV_DONTFORK, "dc"),
    (libc::MADV_DONTDUMP, "dd"),
    (libc::MADV_WIPEONFORK, "wf"),
    (libc::MADV_SEQUENTIAL, "sr"),
    (libc::MADV_RANDOM, "rr"),
    (libc::MADV_NOHUGEPAGE, "nh"),
];

/// The flags that smaps shows for the area at an address.
fn flags(address: usize) -> Vec<String> {
    let smaps = String::from_utf8(ckpt_support::proc_self("smaps")).expect("text");
    let start = format!("{address:x}-");
    let area = smaps.lines().skip_while(|line| !line.starts_with(&start));
    let line = area
        .skip(1)
        .find(|line| line.starts_with("VmFlags:"))
        .unwrap_or_default();
    line.split_whitespace()
        .skip(1)
        .map(str::to_string)
        .collect()
}

pub fn run() {
    let memory = anonymous(ADVICE.len() * page_size());
    for (index, (advice, _)) in ADVICE.into_iter().enumerate() {
        memory.page(index).fill(b'a');
        memory.advise(index, 1, advice);
    }
    checkpoint_here();
    for (index, (advice, sign)) in ADVICE.into_iter().enumerate() {
        let flags = flags(memory.pointer() as usize + index * page_size());
        check(
            flags.iter().any(|flag| flag == sign),
            &format!("advice {advice}: {flags:?}"),
        );
        check(memory.page(index)[1] == b'a', "the content differs");
    }
}
