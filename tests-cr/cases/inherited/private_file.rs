// SPDX-License-Identifier: GPL-2.0

//! Fact: written pages of a private mapping of a file are shared with children; so are zeroed ones.
//!
//! Could break: the place of such a page is told by the file, not by the address.

use std::fs::File;
use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, page_size, same, Mapping};

use super::frames::{all_shared, pattern, reads, write};
use crate::tasks::relatives::{checked_child, end_of, shared_word, wait_until, FINE};
use std::sync::atomic::Ordering::SeqCst;

const PAGES: usize = 20;

pub fn run() {
    let path = "mapped";
    std::fs::write(path, vec![9u8; 30 * page_size()]).expect("a file");
    let file = File::open(path).expect("the file");
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let offset = 5 * page_size() as i64;
    let memory = Mapping::new(PAGES * page_size(), rights, libc::MAP_PRIVATE, file.as_raw_fd(), offset);
    write(&memory, 4, 12, pattern);
    let says = |page: usize| match page {
        4..16 => pattern(page),
        _ => 9,
    };
    let ready = shared_word();
    let child = checked_child(|| {
        let fine = reads(&memory, 0, says);
        ready.fetch_add(1, SeqCst);
        wait_until(ready, 2);
        fine && reads(&memory, 0, says)
    });
    checkpoint_here();
    wait_until(ready, 1);
    same("the parent", &true, &reads(&memory, 0, says));
    // The others are the file's own pages.
    all_shared("pages shared", "self", &child.to_string(), &memory, PAGES);
    write(&memory, 0, 10, |_| 1);
    ready.fetch_add(1, SeqCst);
    same("the child", &FINE, &end_of(child));
}
