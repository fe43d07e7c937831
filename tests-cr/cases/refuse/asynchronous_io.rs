// SPDX-License-Identifier: GPL-2.0

//! Fact: a context for asynchronous I/O is refused.
//!
//! Could break: its ring is memory that the kernel writes to.

use ckpt_support::{checkpoint_here, expect_refusal, may_also_refuse, must, raw};

pub fn run() {
    let mut context = 0usize;
    must(
        "io_setup",
        raw(libc::SYS_io_setup, &[8, &raw mut context as usize]),
    );
    expect_refusal("TaskFeature|AddressSpaceFeature", "asynchronous");
    // The ring is also an area.
    may_also_refuse("AreaKind");
    may_also_refuse("FileKind");
    may_also_refuse("AreaFile");
    may_also_refuse("AreaFlags");
    checkpoint_here();
}
