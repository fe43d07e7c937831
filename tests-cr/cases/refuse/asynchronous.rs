// SPDX-License-Identifier: GPL-2.0

//! A context for asynchronous I/O, and what a checkpoint says about it.

use ckpt_support::{expect_refusal, may_also_refuse, must, raw};

/// Makes one that a checkpoint refuses; gives its number.
pub fn context() -> usize {
    let mut context = 0usize;
    must(
        "io_setup",
        raw(libc::SYS_io_setup, &[8, &raw mut context as usize]),
    );
    expect_refusal("TaskFeature", "asynchronous");
    // The ring is also an area.
    may_also_refuse("AreaKind");
    may_also_refuse("FileKind");
    may_also_refuse("AreaFlags");
    context
}
