// SPDX-License-Identifier: GPL-2.0

//! Fact: a name that was given to shared anonymous memory (PR_SET_VMA_ANON_NAME) comes back.
//!
//! Could break: only what mmap(MAP_ANONYMOUS) made may bear a name; a mapping of a file may not.

use ckpt_support::{check, checkpoint_here, must, page_size, same, Mapping};

fn name(memory: &Mapping, name: &std::ffi::CStr) {
    // SAFETY: the name is a C string.
    must("prctl", unsafe {
        libc::prctl(
            libc::PR_SET_VMA,
            libc::PR_SET_VMA_ANON_NAME,
            memory.pointer(),
            memory.pages() * page_size(),
            name.as_ptr(),
        )
    });
}

pub fn run() {
    let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::new(2 * page_size(), rights, flags, -1, 0);
    name(&memory, c"arena");
    let line = memory.maps_line();
    check(line.contains("arena"), "it cannot be named at all");
    checkpoint_here();
    same("its line in maps", &line, &memory.maps_line());
    name(&memory, c"another");
    check(
        memory.maps_line().contains("another"),
        "it cannot be named any more",
    );
}
