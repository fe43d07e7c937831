// SPDX-License-Identifier: GPL-2.0

//! Fact: memory with a protection key is refused, by address.
//!
//! Could break: the key is a number that the process was given.

use ckpt_support::{
    anonymous, checkpoint_here, expect_refusal_at, may_also_refuse, must, not_run, page_size, raw,
};

pub fn run() {
    let key = raw(libc::SYS_pkey_alloc, &[0, 0]);
    if key < 0 {
        not_run("the CPU has no protection keys");
    }
    let memory = anonymous(page_size());
    let rights = (libc::PROT_READ | libc::PROT_WRITE) as usize;
    let call = [memory.page_address(0), page_size(), rights, key as usize];
    must("pkey_mprotect", raw(libc::SYS_pkey_mprotect, &call));
    expect_refusal_at("AreaFlags|AreaKind", memory.page_address(0), "");
    // That a key is allocated is state as well.
    may_also_refuse("TaskFeature");
    checkpoint_here();
}
