// SPDX-License-Identifier: GPL-2.0

//! Fact: memory that a child has locked without writing to it is shared and locked.
//!
//! Could break: locking reads pages in by writing; or a page that is shared does not count.

use ckpt_support::{checkpoint_here, proc_self, same};

use super::frames::{all_shared, pattern, reads, written};
use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};
use std::sync::atomic::Ordering::SeqCst;

const PAGES: usize = 32;

fn locked() -> String {
    let status = String::from_utf8(proc_self("status")).expect("text");
    let mut lines = status.lines();
    lines.find(|line| line.starts_with("VmLck")).expect("VmLck").to_string()
}

pub fn run() {
    let memory = written(PAGES);
    let ready = shared_word();
    let child = child(|| {
        memory.protect(0, PAGES, libc::PROT_READ);
        let address = memory.page_address(0) as *const libc::c_void;
        // SAFETY: takes no memory away.
        assert_eq!(0, unsafe { libc::mlock(address, PAGES * ckpt_support::page_size()) });
        let before = locked();
        ready.fetch_add(1, SeqCst);
        ckpt_support::wait_for_go();
        let fine = locked() == before && reads(&memory, 0, pattern);
        ready.fetch_add(1, SeqCst);
        wait_until(ready, 3);
        if fine { FINE } else { 1 }
    });
    wait_until(ready, 1);
    checkpoint_here();
    wait_until(ready, 2);
    all_shared("pages shared", "self", &child.to_string(), &memory, PAGES);
    ready.fetch_add(1, SeqCst);
    same("the child", &FINE, &end_of(child));
}
