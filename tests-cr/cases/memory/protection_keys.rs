// SPDX-License-Identifier: GPL-2.0

//! Fact: protection keys, and memory that has one, come back: what was denied is denied.
//!
//! Could break: keys are numbers that the process was given, areas carry them, and a register
//! says what they allow. Execute-only memory has one that nobody asked for.

use ckpt_support::{
    anonymous, can_read, can_write, check, checkpoint_here, must, not_run, page_size, raw, same,
};

const DENY_ACCESS: usize = 1;
const DENY_WRITE: usize = 2;

fn alloc(rights: usize) -> i64 {
    raw(libc::SYS_pkey_alloc, &[0, rights])
}

/// What smaps says about the keys of all areas.
fn keys() -> Vec<String> {
    let smaps = String::from_utf8(ckpt_support::proc_self("smaps")).expect("text");
    let lines = smaps.lines().filter(|line| line.starts_with("ProtectionKey:"));
    lines
        .filter(|line| !line.ends_with(" 0"))
        .map(str::to_string)
        .collect()
}

pub fn run() {
    if alloc(0) < 0 {
        not_run("the CPU has no protection keys");
    }
    let freed = alloc(0);
    let no_access = alloc(DENY_ACCESS);
    let no_write = alloc(DENY_WRITE);
    must("pkey_free", raw(libc::SYS_pkey_free, &[freed as usize]));
    let memory = anonymous(4 * page_size());
    for page in 0..4 {
        memory.page(page).fill(page as u8 + 1);
    }
    let rights = (libc::PROT_READ | libc::PROT_WRITE) as usize;
    for (page, key) in [(0, no_access), (1, no_write)] {
        let call = [memory.page_address(page), page_size(), rights, key as usize];
        must("pkey_mprotect", raw(libc::SYS_pkey_mprotect, &call));
    }
    memory.protect(2, 1, libc::PROT_EXEC);
    // Execute-only memory has taken the key that was free.
    let free = alloc(0);
    must("pkey_free", raw(libc::SYS_pkey_free, &[free as usize]));
    let access = || {
        (0..4)
            .map(|page| {
                let address = memory.page_address(page);
                (can_read(address), can_write(address))
            })
            .collect::<Vec<_>>()
    };
    // The last page is cleared by the look.
    let before = (access(), keys());
    checkpoint_here();
    same("what may be done", &before, &(access(), keys()));
    check(memory.page(1)[5] == 2, "the content under a key differs");
    memory.protect(2, 1, libc::PROT_READ);
    check(memory.page(2)[5] == 3, "the execute-only content differs");
    let call = [memory.page_address(0), page_size(), rights, 0];
    must("pkey_mprotect", raw(libc::SYS_pkey_mprotect, &call));
    check(memory.page(0)[5] == 1, "the content without access differs");
    same("the next key", &free, &alloc(0));
    let call = [memory.page_address(3), page_size(), rights, no_access as usize];
    must("pkey_mprotect after a restart", raw(libc::SYS_pkey_mprotect, &call));
    check(!can_read(memory.page_address(3)), "a key denies nothing any longer");
}
