// SPDX-License-Identifier: GPL-2.0

//! Fact: what a child has mapped since, where the parent has mapped something else, is its own.
//!
//! Could break: areas at the same addresses are taken for relatives.

use ckpt_support::{checkpoint_here, page_size, same};

use super::frames::{all_shared, pattern, reads, write, written};
use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};
use std::sync::atomic::Ordering::SeqCst;

const PAGES: usize = 30;

fn map_anew(address: usize, byte: u8) -> ckpt_support::Mapping {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let size = PAGES * page_size();
    // SAFETY: replaces a mapping that nothing else uses.
    let memory = unsafe { libc::mmap(address as *mut libc::c_void, size, rights, flags, -1, 0) };
    assert_ne!(memory, libc::MAP_FAILED);
    let memory = ckpt_support::Mapping::at(memory.cast(), size);
    write(&memory, 0, PAGES, |_| byte);
    memory
}

pub fn run() {
    let memory = written(PAGES);
    let address = memory.page_address(0);
    let ready = shared_word();
    let stranger = child(|| {
        let own = map_anew(address, 66);
        ckpt_support::wait_for_go();
        let fine = reads(&own, 0, |_| 66);
        wait_until(ready, 1);
        if fine { FINE } else { 1 }
    });
    checkpoint_here();
    same("the parent", &true, &reads(&memory, 0, pattern));
    all_shared("pages shared", "self", &stranger.to_string(), &memory, 0);
    ready.store(1, SeqCst);
    same("the child", &FINE, &end_of(stranger));
}
