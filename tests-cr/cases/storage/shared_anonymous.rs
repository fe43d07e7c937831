// SPDX-License-Identifier: GPL-2.0

//! Fact: shared anonymous memory comes back with its content, and is still shared with children.
//!
//! Could break: restored as private memory it would look the same until somebody forks.

use ckpt_support::{check, checkpoint_here, page_size, same, Mapping};

pub fn run() {
    let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::new(4 * page_size(), rights, flags, -1, 0);
    memory.page(1)[0] = 9;
    memory.page(3).fill(7);
    let line = memory.maps_line();
    checkpoint_here();
    same("its line in maps", &line, &memory.maps_line());
    check(memory.page(1)[0] == 9, "the content is gone");
    check(
        memory.page(3).iter().all(|byte| *byte == 7),
        "a whole page is gone",
    );
    check(memory.page(0)[0] == 0, "empty memory is not zero");
    // SAFETY: the child only writes to memory and leaves.
    let child = unsafe { libc::fork() };
    if child == 0 {
        memory.page(0)[0] = 5;
        // SAFETY: takes no pointer.
        unsafe { libc::_exit(0) };
    }
    // SAFETY: no status is wanted.
    unsafe { libc::waitpid(child, std::ptr::null_mut(), 0) };
    check(memory.page(0)[0] == 5, "what a child writes is not seen");
}
